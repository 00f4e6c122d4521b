"""Playlists as people watch them together."""
