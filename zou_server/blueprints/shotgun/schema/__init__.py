"""What types and fields a site has: its table, how it is read, and how a studio changes it."""
