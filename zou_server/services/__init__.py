"""How to change: operations go in, the pipeline authorises, validates, applies, records, commits."""
