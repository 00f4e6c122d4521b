"""Pictures of things: where they are kept, which sizes there are, how they are made."""
