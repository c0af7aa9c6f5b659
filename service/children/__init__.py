"""Children: how is this child doing, for parents and professionals who may see it and nobody else.

Words: a *child* has *guardians*; a *professional* is *assigned* to it with the guardians' *consent*; it plays
*sessions* in the game and does *activities* outside of it. Whoever may not see a child is told there is none.
"""

from service.children.door import admit_device
from service.children.jobs import JOBS
from service.children.queries.leaving import leave
from service.children.reports import REPORTS
from service.children.reports.about import SUBJECTS
from service.children.router import router
from service.children.router.home import HOME
from service.reporting.desk import Desk

DESK = Desk(
    name="children",
    title="Children",
    description="How is this child doing, for parents and professionals who may see it and nobody else.",
    reports=REPORTS,
    jobs=JOBS,
    router=router,
    devices=admit_device,
    leave=leave,
    home=HOME,
    scopes=("children:read", "children:write"),
    subjects=SUBJECTS,
    open_prefixes=("/v1/children/shared-reports/",),
)
