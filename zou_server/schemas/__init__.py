"""What a payload may hold: schemas derived from the registry."""
