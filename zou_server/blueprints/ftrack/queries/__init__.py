"""Queries of ftrack: read, translated into conditions and orders of ours."""
