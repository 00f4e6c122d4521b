"""Cuts of a production, put together to be written as editorial files."""
