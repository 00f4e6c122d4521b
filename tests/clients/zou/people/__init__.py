"""gazu's people."""
