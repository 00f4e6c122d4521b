"""ftrack: what a project schema says: statuses, types and object types."""
