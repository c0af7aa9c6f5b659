"""Local days: one observation at a time is put in force, whole or not at all."""
