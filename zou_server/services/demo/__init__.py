"""A small production that nobody made, for people who look at the server for the first time."""
