"""Tests of the event hub that need no database."""
