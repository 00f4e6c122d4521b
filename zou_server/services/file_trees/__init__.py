"""Where files belong: descriptors of a project's folders, paths made of them, and paths read back."""
