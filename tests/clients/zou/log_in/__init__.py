"""gazu's log-in."""
