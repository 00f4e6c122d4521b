"""The real clients, unchanged, against a served studio."""
