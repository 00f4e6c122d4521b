"""Who may come in: passwords, sessions, keys, and answers kept for those who ask twice."""
