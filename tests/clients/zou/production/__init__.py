"""Productions over the wire of Zou."""
