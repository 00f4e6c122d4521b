"""How a change is made: operations, the unit of work and the pipeline."""
