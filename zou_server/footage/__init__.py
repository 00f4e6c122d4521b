"""What pictures and movies are, for those who draw them too: they load no rows, which takes seconds."""
