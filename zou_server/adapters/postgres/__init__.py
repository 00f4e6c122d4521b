"""PostgreSQL as it is met: its programs and processes, an embedded one, poolers, waits for answers."""
