"""The verbs of a production."""
