"""The event log: how its entries are shown, and entries of tools."""
