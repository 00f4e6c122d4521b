"""What is one's own: what one follows, last looked at, prefers."""
