"""Mill: which yarn runs short, when, because of which orders; what the machines knit, at what cost.

Words: *yarn* is knitted into *styles* by *recipes* (a bill of material: pounds of yarn for a pound of
fabric); a *knit order* asks for pounds of a style, a *receipt* is yarn that a purchase order still brings.
Quantities are pounds. The upstream is files of the mill's ERP.
"""

from service.mill.jobs import JOBS
from service.mill.queries.doubtful import select_freshness
from service.mill.reports import REPORTS
from service.mill.reports.open_gaps import CODES as GAP_CODES
from service.mill.reports.open_gaps import open_gaps, source_states
from service.mill.router import UPLOADS, router
from service.mill.router.board import BOARD
from service.reporting.desk import Desk

DESK = Desk(
    name="mill",
    title="Mill",
    description="Which yarn runs short, when, because of which orders; what the machines knit, at what cost.",
    sources=("files",),
    reports=REPORTS,
    jobs=JOBS,
    router=router,
    gaps=open_gaps,
    gap_codes=GAP_CODES,
    upstreams=source_states,
    freshness=select_freshness,
    scopes=("mill:read", "mill:write", "mill:admin"),
    home=BOARD,
    uploads=UPLOADS,
)
