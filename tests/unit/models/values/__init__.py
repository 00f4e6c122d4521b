"""What the studio is: values, rates."""
