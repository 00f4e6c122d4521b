"""What happens around a comment: names in its text, siblings that get it too, rules that follow it."""
