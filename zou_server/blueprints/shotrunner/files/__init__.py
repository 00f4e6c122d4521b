"""ShotRunner: files of objects, sent and fetched, and pictures of them."""
