"""Sessions as tests play them: bodies to send, whole sessions of a device, what is in the tables."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from tests.children.house import House
from tests.support.statements import counted_statements

SESSION = {"session_type": "dental_visit", "scenario_name": "Chair"}
COUNTS = {"interactions_count": 30, "correct_responses": 15, "incorrect_responses": 15, "help_requests": 6}


def ago(**span: float) -> str:
    """An instant so long ago, as it travels."""
    return (datetime.now(UTC) - timedelta(**span)).isoformat()


def times(days: float, now: datetime) -> dict[str, str]:
    """Start and end of four minutes so many days before an instant, so that all are at one time of day."""
    start = now - timedelta(days=days)
    return {"started_at": start.isoformat(), "ended_at": (start + timedelta(minutes=4)).isoformat()}


def record(child: int = 1, **more: Any) -> dict[str, Any]:
    """A whole session, as a device sends it that was offline."""
    given = {"child_id": child, "client_session_id": str(uuid4()), "started_at": ago(hours=2)}
    return {**SESSION, **given, "ended_at": ago(hours=1), "score": 40, **COUNTS, **more}


async def started(house: House, who: str = "G1", child: int = 1, **more: Any) -> dict[str, Any]:
    """A session that somebody has started."""
    answer = await house.ask(who, "POST", f"/{child}/sessions", json={**SESSION, **more})
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def points(house: House, child: int = 1) -> tuple[int, int]:
    """A child's points, and the sum of its ledger."""
    [(kept, entries)] = await house.sql(
        "SELECT points, (SELECT coalesce(sum(points), 0) FROM children.point_ledger WHERE child_id = c.id)"
        " FROM children.children AS c WHERE id = :child",
        child=child,
    )
    return kept, entries


_NOT_OURS = ("muster.audit", "muster.api_key", "muster.auth_users")


async def sent(house: House, who: str, method: str, path: str, **more: Any) -> list[str]:
    """The statements of one request that is answered well, without the audit and who asks (spec D5.2)."""
    with counted_statements(house.runtime.database.engine) as seen:
        answer = await house.ask(who, method, path, **more)
    assert answer.status_code < 300, answer.text
    return [one for one in seen if not any(name in one for name in _NOT_OURS)]
