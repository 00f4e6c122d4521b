"""How a change is made, through the pipeline."""
