"""First data and the demo."""
