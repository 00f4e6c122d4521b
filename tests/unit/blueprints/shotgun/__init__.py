"""Unit tests of the Shotgun dialect."""
