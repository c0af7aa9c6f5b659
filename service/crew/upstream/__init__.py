"""Gartan: its login, its grid and its display, translated into our words (spec A.1, A.2, A.9, D.1)."""
