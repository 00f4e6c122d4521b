"""Tests of the ftrack dialect that need no database."""
