"""Why a day came out as it did: the trace of one row, and its figures recomputed from the trace alone.

The rules are written here a second time, one row at a time and in plain words; that both ways agree on every
figure is what the tests hold them to (promise 2 of the product, Q8).
"""

from service.attendance.rules.explain.day import explain_day, explain_row
from service.attendance.rules.explain.figures import figures_from
from service.attendance.rules.explain.trace import Candidate, DayTrace, PunchTrace, Recorded, Step

__all__ = [
    "Candidate",
    "DayTrace",
    "PunchTrace",
    "Recorded",
    "Step",
    "explain_day",
    "explain_row",
    "figures_from",
]
