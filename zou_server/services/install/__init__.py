"""What a new studio holds, and the demo production."""
