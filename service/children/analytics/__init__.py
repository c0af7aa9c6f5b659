"""Figures worked from sessions and activities, one definition each (spec D7)."""
