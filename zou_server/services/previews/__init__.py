"""Takes for review: from the file that was sent to the pictures and movies that people look at."""
