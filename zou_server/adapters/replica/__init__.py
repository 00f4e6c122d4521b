"""A replica of the database: watched, read from where it is as good as the primary, served alone."""
