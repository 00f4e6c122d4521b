"""The tests of zou-server."""
