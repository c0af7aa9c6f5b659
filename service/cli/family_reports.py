"""Reports about a child of the demo, written and published as professionals do: with figures that hold."""

from datetime import timedelta
from typing import Final

from sqlalchemy import text

from service.access.roles import ROLES
from service.children.clinical import reports
from service.core.auth import Caller
from service.core.database import WriteConnection
from service.schemas.children.reports import ReportAsk, TransitionAsk
from service.schemas.children.words import ReportStatus
from service.simulators.families import PARENT, PROFESSIONAL, Plan, words

QUARTER: Final = timedelta(days=91)
_TO_PUBLISH: Final[tuple[ReportStatus, ...]] = ("approved", "published")
_WRITERS = text("""
    SELECT c.id AS child_id, a.professional_id AS writer_id, b.professional_id AS colleague_id
    FROM children.children AS c
    JOIN muster.auth_users AS g ON g.id = c.parent_id AND g.email = :parent
    JOIN children.care_assignments AS a ON a.child_id = c.id AND a.access_level = 'edit'
    JOIN muster.auth_users AS p ON p.id = a.professional_id AND p.email = :professional
    JOIN children.care_assignments AS b
        ON b.child_id = c.id AND b.access_level = 'edit' AND b.professional_id <> a.professional_id
    ORDER BY c.id, b.professional_id LIMIT 1
""")


async def written(conn: WriteConnection, plan: Plan) -> int:
    """Two published reports, each approved by the other professional, and a draft; the child's id."""
    found = (await conn.execute(_WRITERS, {"parent": PARENT, "professional": PROFESSIONAL})).one()
    child_id: int = found.child_id
    writer, colleague = _professional(found.writer_id), _professional(found.colleague_id)
    yesterday = plan.until.date() - timedelta(days=1)
    earlier, later, unfinished = ({"executive_summary": said} for said in words.SUMMARIES)
    for author, approver, last, content in (
        (writer, colleague, yesterday - QUARTER, earlier),
        (colleague, writer, yesterday, later),
    ):
        first = last - QUARTER + timedelta(days=1)
        ask = ReportAsk.model_validate({"type": "progress", "from": first, "to": last, "content": content})
        drafted = await reports.draft(conn, author, child_id, ask, plan.policy)
        await reports.move(conn, author, drafted.id, TransitionAsk(to="pending_review"))
        for to in _TO_PUBLISH:
            await reports.move(conn, approver, drafted.id, TransitionAsk(to=to))
    await reports.draft(conn, writer, child_id, ReportAsk(type="summary", content=unfinished), plan.policy)
    return child_id


def _professional(person: int) -> Caller:
    """A made-up professional, as who it acts."""
    scopes = ROLES["professional"]
    return Caller(f"person:{person}", "professional", "session", scopes, person=person, role="professional")
