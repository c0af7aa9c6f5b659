"""Monitoring: health, metrics; the performance report, history and dashboard come here."""
