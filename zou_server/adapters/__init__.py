"""What the services need of the outside, made real: the database, its processes, the job queue.

Only the application factory and the command line put these together; nothing else imports them.
"""
