"""Crew: who can turn out now and until when, is the appliance on the run, and who would close the gap.

Words: a *crew member* belongs to a *station*; an *appliance* is a fire engine, *on the run* or off it; a
*grid* says for each slot of a local day who is available. What no grid says is *unknown*, never unavailable.
The upstream is Gartan Availability, or files.
"""

from service.crew.jobs import JOBS
from service.crew.queries.followed import select_freshness, source_states
from service.crew.queries.stations import select_codes
from service.crew.reports import REPORTS
from service.crew.reports.open_gaps import CODES as GAP_CODES
from service.crew.reports.open_gaps import open_gaps
from service.crew.router import OPEN_PATHS, UPLOADS, router
from service.crew.router.board import BOARD
from service.reporting.desk import Desk

DESK = Desk(
    name="crew",
    title="Crew",
    description="Who can turn out and until when, is the appliance on the run, and who would close the gap.",
    sources=("gartan", "files"),
    reports=REPORTS,
    jobs=JOBS,
    router=router,
    gaps=open_gaps,
    gap_codes=GAP_CODES,
    sites=select_codes,
    upstreams=source_states,
    freshness=select_freshness,
    scopes=("crew:read", "crew:write", "crew:admin"),
    open_paths=OPEN_PATHS,
    home=BOARD,
    uploads=UPLOADS,
)
