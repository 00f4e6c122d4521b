"""Zou's events, live and last."""
