"""Zou's routes about projects, shots, assets and casting."""
