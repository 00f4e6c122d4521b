"""Appointments and security roles in ftrack's words."""
