"""Tests of what pictures and movies are."""
