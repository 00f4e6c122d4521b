"""Several machines that serve one studio."""
