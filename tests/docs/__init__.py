"""The documents say what is: every setting, command, route, folder and example in them is looked at."""
