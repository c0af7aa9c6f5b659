"""Flags as people and alerts change them: routes, audit, roll-back."""
