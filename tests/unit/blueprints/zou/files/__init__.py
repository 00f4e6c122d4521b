"""Zou's files."""
