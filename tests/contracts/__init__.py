"""What holds for every type and every dialect: asked over HTTP, without a client in between."""
