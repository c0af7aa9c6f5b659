"""Exports, erasures, restrictions: what guardians may ask for."""
