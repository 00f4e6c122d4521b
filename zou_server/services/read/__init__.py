"""How rows are read on behalf of an actor."""
