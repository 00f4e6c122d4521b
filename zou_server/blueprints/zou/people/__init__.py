"""Zou's routes about people and one's own desk."""
