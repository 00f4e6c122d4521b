"""File trees."""
