"""Attendance: who was present, late, absent, for how long, and why the sheet says so."""
