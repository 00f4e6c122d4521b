"""Zou's log-in, tokens and welcome pages."""
