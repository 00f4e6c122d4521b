"""Dialects, without a database."""
