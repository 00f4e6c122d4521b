"""gazu and the routes of 2017 file the work of a production."""
