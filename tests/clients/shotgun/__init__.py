"""shotgun_api3, unmodified, against a served studio."""
