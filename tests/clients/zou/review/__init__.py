"""gazu and Kitsu in review."""
