"""gazu and Kitsu, unchanged."""
