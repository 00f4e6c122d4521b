"""Talk and review: the thread of a note, the stream of what happened to a row."""
