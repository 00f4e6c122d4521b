"""Zou's task routes: comments, assignments, time, grids."""
