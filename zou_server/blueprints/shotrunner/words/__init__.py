"""ShotRunner: codes, which are the words of the studio by scope, and what projects call them."""
