"""Putting files in force that people bring."""
