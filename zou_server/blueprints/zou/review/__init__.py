"""Zou's review routes: previews, annotations, playlists."""
