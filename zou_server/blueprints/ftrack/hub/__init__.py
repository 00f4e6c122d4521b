"""ftrack's event hub: Socket.IO 0.9 on the server's own port, events between clients, and `ftrack.update`."""
