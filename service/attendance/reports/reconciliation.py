"""Ours against the upstream's own attendance: every difference with where it comes from."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Row

from service.attendance.queries.reconciliation import select_both
from service.attendance.reports.causes import causes_of_both
from service.attendance.reports.periods import choose, period_of, resolved, scopes_of
from service.attendance.reports.standing import standing
from service.attendance.rules.codes import UPSTREAM_STATUS
from service.core.database import ReadConnection
from service.reporting.report import BuildContext, Built, Report
from service.schemas.attendance.reports import ReconciliationParams, ReconciliationRow

Pair = tuple[Row[Any] | None, Row[Any] | None]
RULES = "frappe_hr"


def by_their_rules(params: ReconciliationParams, context: BuildContext) -> ReconciliationParams:
    """Without a rule set asked for, ours is computed by the upstream's own rules."""
    chosen = params if params.rule_set is not None else params.model_copy(update={"rule_set": RULES})
    return resolved(chosen, context)


async def reconciliation(conn: ReadConnection, params: ReconciliationParams, context: BuildContext) -> Built:
    """Rows by person and day; only those that differ, unless all are asked for."""
    chosen = await choose(conn, params, context)
    completeness, zone = await standing(conn, chosen)
    ours, theirs, undecided = await select_both(
        conn, chosen.rule_set.id, chosen.start, chosen.end, chosen.ids
    )
    people = {person.id: person for person in chosen.people}
    rows = [
        _row(people[person], day, pair, (person, day) in undecided)
        for (person, day), pair in paired(ours, theirs)
    ]
    differing = [row for row in rows if row["differs"]]
    return Built(
        rows=differing if params.only_differences else rows,
        completeness=completeness,
        timezone=zone,
        rules_version=chosen.rule_set.key,
        summary={"compared": len(rows), "equal": len(rows) - len(differing), "different": len(differing)},
    )


def paired(ours: Sequence[Row[Any]], theirs: Sequence[Row[Any]]) -> Iterator[tuple[tuple[int, date], Pair]]:
    """Both sides of each person and day, by shift where both name it, the rest in order."""
    found: dict[tuple[int, date], tuple[list[Row[Any]], list[Row[Any]]]] = defaultdict(lambda: ([], []))
    for row in ours:
        mine = found[row.person_id, row.day][0]
        # A day of leave is one attendance upstream, however many shifts the person has.
        if not (row.code == "L" and any(one.code == "L" for one in mine)):
            mine.append(row)
    for row in theirs:
        found[row.person_id, row.day][1].append(row)
    for key in sorted(found):
        mine, other = found[key]
        for one in [row for row in mine if row.shift and row.code != "L"]:
            match = next((row for row in other if row.shift == one.shift), None)
            if match is not None:
                mine.remove(one)
                other.remove(match)
                yield key, (one, match)
        for place in range(max(len(mine), len(other))):
            left = mine[place] if place < len(mine) else None
            right = other[place] if place < len(other) else None
            yield key, (left, right)


def _row(person: Row[Any], day: date, pair: Pair, undecided: bool) -> dict[str, Any]:
    mine, other = pair
    differs = _differences(mine, other)
    return {
        "person": person.number,
        "person_name": person.name,
        "site": person.site,
        "day": day.isoformat(),
        "shift": (mine and mine.shift) or (other and other.shift),
        "ours": mine and UPSTREAM_STATUS[mine.code],
        "theirs": other and other.status,
        "our_hours": mine and f"{_hours(mine):.2f}",
        "their_hours": other and f"{other.hours:.2f}",
        "our_in": mine and mine.first_in,
        "their_in": other and other.in_time,
        "our_out": mine and mine.last_out,
        "their_out": other and other.out_time,
        "differs": differs,
        "reason": _reason(mine, other, undecided) if differs else None,
        "upstream_name": other and other.upstream_name,
        "our_status": mine and mine.status,
    }


def _hours(mine: Row[Any]) -> Decimal:
    return Decimal(mine.hours_hundredths) / 100


def _differences(mine: Row[Any] | None, other: Row[Any] | None) -> list[str]:
    if mine is None or other is None:
        return ["status"]
    sides = {
        "status": (UPSTREAM_STATUS[mine.code], other.status),
        "hours": (_hours(mine), other.hours),
        "in": (mine.first_in, other.in_time),
        "out": (mine.last_out, other.out_time),
        "late": (mine.late, other.late),
        "early": (mine.early, other.early),
        "leave_type": (mine.leave_type or None, other.leave_type or None),
    }
    return [name for name, (ours, theirs) in sides.items() if ours != theirs]


def _reason(mine: Row[Any] | None, other: Row[Any] | None, undecided: bool) -> str:
    """Where a difference comes from, the first that applies (frappe_live 6, spec D.5, D.13)."""
    if mine is None:
        return "we have not decided this day yet" if undecided else "only the upstream has attendance here"
    if other is None:
        return "the upstream has no attendance here: not processed, cancelled, or its shift is not automatic"
    names = ", ".join(_differences(mine, other))
    otherwise = (
        f"both saw the same check-ins and judged {names} otherwise: explain our day beside their document"
    )
    return next((sentence for holds, sentence in _causes(mine, other) if holds), otherwise)


def _causes(mine: Row[Any], other: Row[Any]) -> Iterator[tuple[bool, str]]:
    """What may have happened, and whether it did; the upstream never looks at a marked day again."""
    yield (
        _later(mine.newest_punch, other),
        "a check-in came or was edited after the upstream had marked the day; it does not look again",
    )
    yield (
        _later(mine.leave_modified, other),
        "a leave was approved after the upstream had marked the day",
    )
    timeless = other.in_time is None and other.out_time is None and not other.hours
    yield (
        timeless and other.status in {"Present", "Work From Home", "Half Day"},
        f"the upstream says {other.status} without any time: entered by hand or by a request",
    )
    yield (
        _later(mine.shift_modified, other),
        f"the shift {mine.shift} was edited after the upstream had marked the day",
    )


def _later(happened: datetime | None, other: Row[Any]) -> bool:
    marked = other.upstream_modified
    return happened is not None and marked is not None and happened > marked


RECONCILIATION: Report[ReconciliationParams, ReconciliationRow] = Report(
    name="reconciliation",
    title="Reconciliation with the upstream",
    titles={"es": "Conciliación con Frappe HR"},
    description="Our attendance beside the upstream's own; every difference with where it comes from.",
    params=ReconciliationParams,
    row=ReconciliationRow,
    build=reconciliation,
    scope=scopes_of,
    key=("person", "day", "shift"),
    period=period_of,
    causes=causes_of_both,
    resolve=by_their_rules,
    example={
        "params": {"month": "2026-10", "site": "Villas", "rule_set": RULES, "only_differences": True},
        "items": [
            {
                "person": "HR-EMP-00044",
                "person_name": "Ana Pérez",
                "site": "Villas",
                "day": "2026-10-07",
                "shift": "Day 08-17",
                "ours": "Present",
                "theirs": "Absent",
                "our_hours": "8.87",
                "their_hours": "0.00",
                "our_in": "2026-10-07T08:02:11",
                "our_out": "2026-10-07T16:54:30",
                "differs": ["status", "hours", "in", "out"],
                "reason": "a check-in came or was edited after the upstream had marked the day; "
                "it does not look again",
                "upstream_name": "HR-ATT-2026-04127",
                "our_status": "PRESENT",
            }
        ],
        "summary": {"compared": 1, "equal": 0, "different": 1},
    },
    lifetime=timedelta(minutes=15),
)
