"""Spreadsheets read into rows, without a database."""
