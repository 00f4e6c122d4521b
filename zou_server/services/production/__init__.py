"""Projects and what hangs in their trees: opening, importing and removing."""
