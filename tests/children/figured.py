"""Sessions and activities put into a house, and figures asked for: for the tests of figures."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import text

from service.children.queries.figures.asked import Asking
from service.children.queries.figures.reading import Figures, select_figures
from service.children.rules.windows import Span
from tests.children.family import FROM, TO
from tests.children.house import House
from tests.children.test_door import caller

WINDOW: Final = {"from": FROM, "to": TO}
"""The window of F2."""
LONG_AGO: Final = datetime(2025, 3, 1, 10, tzinfo=UTC)

_COLUMNS: Final = (
    "id", "child_id", "started_at", "ended_at", "session_type", "completion_status", "score",
    "duration_seconds", "total_pause_seconds", "interactions_count", "correct_responses",
    "incorrect_responses", "help_requests", "achievements_unlocked", "initial_state", "final_state",
    "parent_rating", "scenario_version", "device_type", "deleted_at", "voided_reason",
)  # fmt: skip


def session(number: int, child: int, started_at: datetime = LONG_AGO, **given: Any) -> dict[str, Any]:
    """A completed session of ten minutes, and what is different about it."""
    made: dict[str, Any] = {
        **dict.fromkeys(_COLUMNS),
        "id": number,
        "child_id": child,
        "started_at": started_at,
        "session_type": "dental_visit",
        "completion_status": "completed",
        "score": 50,
        "duration_seconds": 600,
        "total_pause_seconds": 0,
        "interactions_count": 0,
        "correct_responses": 0,
        "incorrect_responses": 0,
        "help_requests": 0,
        "achievements_unlocked": [],
        **given,
    }
    if made["completion_status"] != "in_progress" and made["ended_at"] is None:
        made["ended_at"] = started_at + timedelta(seconds=made["duration_seconds"] or 0)
    if made["deleted_at"] is not None:
        made["voided_reason"] = "not this child"
    return made


async def play(house: House, sessions: Sequence[dict[str, Any]]) -> None:
    """Put sessions into the house."""
    names = ", ".join(_COLUMNS)
    values = ", ".join(f":{name}" for name in _COLUMNS)
    async with house.runtime.database.write() as conn:
        await conn.execute(
            text(
                f"INSERT INTO children.game_sessions ({names}, scenario_name, created_by)"
                f" OVERRIDING SYSTEM VALUE VALUES ({values}, 'Chair', 'system')"
            ),
            list(sessions),
        )


async def child_of(house: House, parent: str, child: int, timezone: str = "UTC") -> int:
    """Another child of a guardian of F0."""
    people = {"G1": 1, "G2": 2}
    await house.sql(
        "INSERT INTO children.children (id, parent_id, name, date_of_birth, timezone)"
        " OVERRIDING SYSTEM VALUE VALUES (:child, :parent, 'Kim', '2017-01-01', :zone)",
        child=child,
        parent=people[parent],
        zone=timezone,
    )
    await house.sql(
        "INSERT INTO children.child_guardians (child_id, user_id, relation, access)"
        " VALUES (:child, :parent, 'guardian', 'primary')",
        child=child,
        parent=people[parent],
    )
    return child


async def figures(house: House, section: str, child: int = 1, who: str = "G1", **ask: Any) -> dict[str, Any]:
    """The section of an answer, over the window of F2 unless another is asked for."""
    asked = ask if {"window", "from", "to"} & ask.keys() else {**WINDOW, **ask}
    answer = await house.ask(who, "GET", f"/{child}/analytics/{section}", params=asked)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()[section.replace("-", "_")]
    return found


async def worked(house: House, span: Span, now: datetime, *parts: str, child: int = 1) -> Figures:
    """What the statement finds at another moment."""
    asking = Asking(span=span, now=now, children=[child])
    async with house.runtime.database.read() as conn:
        [found] = await select_figures(conn, caller("G1" if child != 2 else "G2"), asking, parts)
    return found
