"""The OpenAPI description of Zou's routes."""
