"""How to read: a `Query` goes in, finished JSON text comes out of PostgreSQL."""
