"""Sessions in bulk: the children they are of held together, all rows in one statement."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Row, select, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Dialect

from service.children.models import Child, GameSession
from service.children.queries.sessions import consented
from service.children.queries.visibility import level_at, visible
from service.children.rules.sessions import COUNTERS
from service.core.auth import Caller
from service.core.database import ReadConnection, WriteConnection

_COLUMNS: Final = (
    "child_id",
    "client_session_id",
    "session_type",
    "scenario_name",
    "scenario_id",
    "scenario_version",
    "started_at",
    "ended_at",
    "duration_seconds",
    *COUNTERS,
    "initial_state",
    "final_state",
    "emotional_data",
    "interaction_patterns",
    "completion_status",
    "exit_reason",
    "achievements_unlocked",
    "progress_markers",
    "summary_note",
    "device_type",
    "device_model",
    "app_version",
    "environment_type",
    "support_person_present",
    "session_data_quality",
    "created_by",
    "created_by_id",
)
_DIALECT: Final[Dialect] = postgresql.dialect()  # type: ignore[no-untyped-call]  # theirs
_TYPES: Final = ", ".join(
    f"{name} {GameSession.__table__.c[name].type.compile(_DIALECT)}" for name in _COLUMNS
)
# One parameter whatever the number of rows, so the statement is prepared once. In the order of the unique
# index: two devices that send the same sessions wait for each other and never both.
_INSERT = text(f"""
    INSERT INTO children.game_sessions ({", ".join(_COLUMNS)})
    SELECT {", ".join(_COLUMNS)} FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS record ({_TYPES})
    ORDER BY child_id, client_session_id
    ON CONFLICT (child_id, client_session_id) DO NOTHING
    RETURNING id, child_id, client_session_id, completion_status, score
""")  # noqa: S608  put together from the table's columns


async def hold_children(conn: WriteConnection, caller: Caller, children: Sequence[int]) -> Sequence[Row[Any]]:
    """How the caller stands to those of these children that they may see, with consent; held in order."""
    statement = (
        select(
            Child.id,
            Child.is_active,
            Child.timezone,
            Child.restricted_at.is_not(None).label("restricted"),
            level_at(caller, Child.id).label("level"),
            consented(Child.id),
        )
        .where(Child.id.in_(children), Child.deleted_at.is_(None), visible(caller, Child.id.expression))
        .order_by(Child.id)
        .with_for_update(of=Child, key_share=True)
    )
    return (await conn.execute(statement)).all()


async def select_existing(conn: ReadConnection, children: Sequence[int]) -> set[int]:
    """Which of these children there are, whoever asks: for the audit of refusals."""
    found = select(Child.id).where(Child.id.in_(children), Child.deleted_at.is_(None))
    return set((await conn.execute(found)).scalars())


async def insert_records(conn: WriteConnection, rows: Sequence[Mapping[str, Any]]) -> Sequence[Row[Any]]:
    """Keep whole sessions; those of which there is one with the same client id give no row."""
    sent = json.dumps(rows, default=str)
    return (await conn.execute(_INSERT, {"rows": sent})).all()
