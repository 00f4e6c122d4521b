"""Verbs of review: previews added, received, placed, annotated and shown."""
