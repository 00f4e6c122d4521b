"""What people see and do for themselves, with gazu."""
