"""The ShotRunner dialect without a database: names, filters, bodies, formats."""
