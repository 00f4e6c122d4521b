"""Spreadsheets and pasted text, read into rows."""
