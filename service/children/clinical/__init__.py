"""Notes, assessments, reports: what is written of them."""
