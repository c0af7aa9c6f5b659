"""Load tests: a plan, the schedule that follows from it, what was measured, and how it is told.

Everything here but `sending.py` is free of input and output; the command `muster loadtest` puts it together.
"""
