"""Edits read: the lines of EDLs, and the clips that they are."""
