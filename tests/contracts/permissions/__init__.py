"""Who may do what: every role on every route, the leaks, and the holes of others that stay closed here."""
