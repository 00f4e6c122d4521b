"""The rules of a production, each tried by the four real clients."""
