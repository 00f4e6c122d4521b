"""Edits read without a database."""
