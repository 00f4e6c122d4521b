"""Small pages for browsers: widgets of ftrack's clients, and review sessions for guests."""
