"""Zou's import and export routes."""
