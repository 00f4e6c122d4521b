"""Shotgun's rows become rows of ours: matched by id, complete, changed by nothing when they come again."""
