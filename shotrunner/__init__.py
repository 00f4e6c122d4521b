"""ShotRunner's Python API: fourteen classes over ActiveResource, for scripts of then and of now."""

__version__ = "1.0"
