"""Tests of services against PostgreSQL."""
