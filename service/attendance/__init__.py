"""Attendance: who was present, late, absent, for how long, and why the sheet says so.

Words: a *person* works at a *site*; a *check-in* is one punch of a clock; a *shift* is what a person was to
work; a *day* is what we conclude of one shift on one date. The upstream is a Frappe HR / ERPNext site, or
files.
"""

from functools import partial

from service.attendance.jobs import JOBS
from service.attendance.queries.completeness import select_freshness
from service.attendance.queries.sheet import select_known
from service.attendance.queries.status import source_states
from service.attendance.reports import REPORTS
from service.attendance.reports.gaps import CODES as GAP_CODES
from service.attendance.reports.gaps import needs, open_gaps
from service.attendance.router import HOOK_PATH, UPLOADS, router
from service.reporting.desk import Desk

DESK = Desk(
    name="attendance",
    title="Attendance",
    description="Who was present, late, absent, for how long, and why does the sheet say so.",
    sources=("frappe", "files"),
    reports=REPORTS,
    jobs=JOBS,
    router=router,
    gaps=open_gaps,
    gap_codes=GAP_CODES,
    sites=partial(select_known, what="site"),
    needs=needs,
    upstreams=source_states,
    freshness=select_freshness,
    scopes=("attendance:read", "attendance:write", "attendance:admin"),
    open_paths=(HOOK_PATH,),
    uploads=UPLOADS,
)
