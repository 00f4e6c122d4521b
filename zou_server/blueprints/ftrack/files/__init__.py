"""ftrack's files: bytes of components sent, fetched and removed."""
