"""Zou's imports and exports."""
