"""Live events of gazu."""
