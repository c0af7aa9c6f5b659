"""The command in processes of its own, as an operator starts it, and what a database holds afterwards."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from service.core.database import Database
from service.simulators.frappe import FrappeServer
from tests.attendance.mirroring import fetch, mirror_of

ROOT = Path(__file__).resolve().parents[3]
MUSTER = [sys.executable, "-m", "service"]
# Ids differ where a run was repeated; the rest of a day is to be equal.
OWN = ("person_id", "shift_type_id", "leave_id", "leave_type_id", "holiday_id", "punches", "request_id")


def bare_environment(**more: str) -> dict[str, str]:
    """This process's environment without its settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MUSTER_")}
    return kept | {"PYTHONPATH": str(ROOT), "MUSTER_LOG__LEVEL": "ERROR"} | more


def environment(database_url: str, server: FrappeServer, **more: str) -> dict[str, str]:
    """Settings as the environment gives them, for a given database and site."""
    frappe = {"URL": server.url, "KEY": "demo", "SECRET": "demo", "TIME_ZONE": server.store.clock.zone.key}
    return (
        bare_environment()
        | {f"MUSTER_UPSTREAM__FRAPPE__{name}": value for name, value in frappe.items()}
        | {
            "MUSTER_DATABASE__URL": database_url,
            "MUSTER_SECRET_KEYS": json.dumps(["k" * 32]),
        }
        | more
    )


def started(
    command: list[str], settings: Mapping[str, str], words: IO[bytes] | int = subprocess.PIPE
) -> "subprocess.Popen[bytes]":
    """A command in a process of its own, its words kept; most commands begin with `MUSTER`."""
    return subprocess.Popen(command, env=settings, stdout=words, stderr=words, cwd=ROOT)


async def rows_of(database_url: str) -> dict[str, Any]:
    """Everything mirrored and every day concluded, by upstream names."""
    database = Database(database_url)
    await database.open()
    try:
        days = await fetch(database, """
            SELECT r.name, p.upstream_name, d.work_date::text, d.shift_seq, s.name AS shift, l.name AS leave_type,
                   (SELECT array_agg(c.upstream_name ORDER BY u.place)
                    FROM unnest(d.punches) WITH ORDINALITY AS u (id, place) JOIN attendance.checkin c ON c.id = u.id),
                   to_jsonb(d)
            FROM attendance.day d JOIN attendance.rule_set r ON r.id = d.rule_set_id
            JOIN attendance.person p ON p.id = d.person_id
            LEFT JOIN attendance.shift_type s ON s.id = d.shift_type_id
            LEFT JOIN attendance.leave_type l ON l.id = d.leave_type_id
        """)  # fmt: skip
        waiting = await fetch(database, "SELECT count(*) FROM attendance.dirty_day")
        return {
            "mirror": await mirror_of(database),
            "days": {row[:4]: (*row[4:7], _own(row[7])) for row in days},
            "waiting": waiting,
        }
    finally:
        await database.close()


def _own(day: dict[str, Any]) -> dict[str, Any]:
    passing = {"id", "rule_set_id", "computed_at", "input_hash", *OWN}
    return {name: value for name, value in day.items() if name not in passing}
