"""Casting: which assets an entity uses, how often, and how many of them are ready for its steps."""
