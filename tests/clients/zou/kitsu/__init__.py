"""What Kitsu sends, with its own parameters and bodies."""
