"""Rows as Shotgun (ShotGrid, Flow) gives them, made rows of ours: typed readers, one table for each kind."""
