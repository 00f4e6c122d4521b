"""The routes of tasks over plain HTTP."""
