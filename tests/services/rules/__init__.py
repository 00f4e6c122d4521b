"""What follows from changes: the rules by model."""
