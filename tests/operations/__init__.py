"""Running a server: starting, stopping, breaking, installing."""
