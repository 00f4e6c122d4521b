"""zou-server: one production tracker that gazu, shotgun_api3, ftrack_api and ActiveResource talk to."""

__version__ = "0.1.0"
