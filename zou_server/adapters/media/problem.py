"""What the process that draws a picture says when it cannot; it must start fast and knows no database."""

from __future__ import annotations


class NoPictureError(Exception):
    """The file is no picture, is broken, or is larger than what is taken; the text says which."""
