"""Projects set up by others, and what they are made of."""
