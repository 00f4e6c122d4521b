"""Reading the event log as it grows."""
