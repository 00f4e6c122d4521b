"""gazu's files."""
