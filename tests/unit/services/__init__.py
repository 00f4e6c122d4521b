"""The services' own small functions, without a database."""
