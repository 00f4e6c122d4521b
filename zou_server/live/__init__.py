"""Live events: the address and the server that the sockets of all dialects share."""
