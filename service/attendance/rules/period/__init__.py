"""Figures of a period: what days add up to, episodes of absence, key figures."""
