"""Edits of editorial files made into shots."""
