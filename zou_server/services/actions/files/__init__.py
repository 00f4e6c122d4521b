"""Verbs of files: working and output revisions, publishing, attachments."""
