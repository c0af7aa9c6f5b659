"""Telling people ahead that an appliance goes off the run: those who could close the gap (issue 6.4)."""
