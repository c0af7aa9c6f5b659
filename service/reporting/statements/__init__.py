"""Statements: a report as somebody signed it, and what would differ today."""
