"""Talk about tasks: whom it names, where it is repeated, which rules follow it, what goes with it."""
