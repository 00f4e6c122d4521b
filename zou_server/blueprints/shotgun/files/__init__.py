"""Uploads, thumbnails, links to files, and their downloads."""
