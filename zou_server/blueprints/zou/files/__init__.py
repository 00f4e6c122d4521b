"""Zou's file routes: working and output files, attachments, pictures."""
