"""Bytes that are kept: attachments, uploads, thumbnails, orphans."""
