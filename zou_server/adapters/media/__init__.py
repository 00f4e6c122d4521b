"""Reading pictures and movies with what others wrote for it, each in a process of its own that may fail."""
