"""Playlists as files, and shown to people without an account."""
