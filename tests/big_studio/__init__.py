"""A believable studio of any size, the people who ask of it, and what they ask."""
