"""Sessions that were left open (spec D4)."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, text

from service.core.database import WriteConnection

# Who sweeps beside us holds other rows: those are skipped, so no session is ended twice. It ends when it was
# last heard of; pauses longer than that cannot be (`ck_game_sessions_pause_within_duration`).
_SWEEP = text("""
    WITH due AS (
        SELECT id, greatest(updated_at, started_at) AS ended_at FROM children.game_sessions
        WHERE completion_status = 'in_progress' AND deleted_at IS NULL
          AND started_at < now() - CAST(:open_for AS interval)
        ORDER BY started_at LIMIT :most
        FOR UPDATE SKIP LOCKED
    ), ended AS (
        SELECT due.id, due.ended_at, floor(extract(epoch FROM due.ended_at - s.started_at))::int AS seconds
        FROM due JOIN children.game_sessions AS s USING (id)
    )
    UPDATE children.game_sessions AS s
    SET completion_status = 'interrupted', exit_reason = 'timeout', ended_at = ended.ended_at,
        duration_seconds = ended.seconds,
        total_pause_seconds = least(s.total_pause_seconds, ended.seconds),
        version = s.version + 1, updated_at = clock_timestamp()
    FROM ended WHERE s.id = ended.id
    RETURNING s.id, s.child_id
""")


async def interrupt_open(conn: WriteConnection, open_for: timedelta, most: int) -> Sequence[Row[Any]]:
    """Interrupt sessions that began longer ago than `open_for`, `most` at a time: `id`, `child_id`."""
    return (await conn.execute(_SWEEP, {"open_for": open_for, "most": most})).all()
