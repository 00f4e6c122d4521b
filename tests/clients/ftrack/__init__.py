"""ftrack_api, unmodified, against a served studio."""
