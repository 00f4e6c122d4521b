"""CSV files as tables, without a database."""
