"""Tasks: status, retakes, quotas and time sheets."""
