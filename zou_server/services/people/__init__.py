"""People: credentials, sessions, and who is asking."""
