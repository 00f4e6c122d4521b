"""Edits and cuts of editorial files, made into shots."""
