"""The Zou dialect without a database."""
