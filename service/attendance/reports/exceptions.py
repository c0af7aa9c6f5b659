"""What needs somebody's attention: each thing with what is needed, what there is, and what would mend it."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row

from service.attendance.queries.exceptions import (
    select_incidents,
    select_unknown_people,
    select_unmapped_devices,
)
from service.attendance.reports.causes import causes_of_days
from service.attendance.reports.frame import day_link
from service.attendance.reports.periods import Chosen, choose, period_of, resolved, scopes_of
from service.attendance.reports.standing import standing
from service.attendance.rules.codes import incident_names
from service.core.database import ReadConnection
from service.core.errors import unknown_value
from service.reporting.report import BuildContext, Built, Report
from service.schemas.attendance.reports import ExceptionRow, ExceptionsParams

# Incident of the rules: kind, what is needed, what there is, remedies.
_WORDS: dict[str, tuple[str, str, str, tuple[str, ...]]] = {
    "MISSING_IN": (
        "missing_punch",
        "a punch in",
        "no punch in",
        ("add the punch in upstream", "ask the person when they came"),
    ),
    "MISSING_OUT": (
        "missing_punch",
        "a punch out",
        "no punch out",
        ("add the punch out upstream", "ask the person when they left"),
    ),
    "OFF_SHIFT": (
        "off_shift",
        "punches within the shift's window",
        "punches outside every window",
        ("assign the shift the person really worked", "widen the shift type's window", "dismiss it"),
    ),
    "DUPLICATE": (
        "duplicate",
        "one punch for one passage",
        "punches that repeat each other",
        ("nothing: they are counted once", "look at the clock if it happens often"),
    ),
    "WORKED_ON_LEAVE": (
        "worked_on_leave",
        "no work on a day of leave",
        "punches on a day of leave",
        ("cancel the leave", "approve the hours as overtime"),
    ),
    "AMBIGUOUS_TIME": (
        "ambiguous_time",
        "one instant for each punch",
        "a punch in the hour that the clock shows twice",
        ("check the hour with the person",),
    ),
    "NONEXISTENT_TIME": (
        "nonexistent_time",
        "a time that the clock shows",
        "a punch in the hour that the clock skips",
        ("set the device's clock", "correct the punch upstream"),
    ),
    "FUTURE": (
        "future",
        "punches of the past",
        "a punch in the future",
        ("set the device's clock", "delete the punch upstream"),
    ),
    "SKIPPED": (
        "skipped",
        "every punch counted",
        "a punch that the upstream marks as skipped",
        ("clear its skip mark upstream", "dismiss it"),
    ),
    "OUTSIDE_EMPLOYMENT": (
        "outside_employment",
        "punches between joining and leaving",
        "punches outside employment",
        ("correct the date of joining or leaving upstream",),
    ),
    "WORKED_ON_DAY_OFF": (
        "worked_on_day_off",
        "no work on a day off",
        "punches on a day off",
        ("approve the hours as overtime", "assign a shift for that day"),
    ),
    "CONFLICT": (
        "conflict",
        "one attendance for the day",
        "punches on a day that has attendance already",
        ("cancel the attendance upstream and process the day again",),
    ),
}
KINDS = sorted({words[0] for words in _WORDS.values()} | {"unknown_person", "unmapped_device"})


async def exceptions(conn: ReadConnection, params: ExceptionsParams, context: BuildContext) -> Built:
    """Rows by day and person; punches and devices of nobody only for who sees all sites."""
    if params.kind is not None and params.kind not in KINDS:
        raise unknown_value("/query/kind", "kind", params.kind, KINDS)
    chosen = await choose(conn, params, context)
    completeness, zone = await standing(conn, chosen)
    found = await select_incidents(conn, chosen.rule_set.id, chosen.start, chosen.end, chosen.ids)
    rows = [row for day in found for row in day_exceptions(day)]
    if context.caller.sites is None and not any((params.site, params.person, params.department)):
        rows += await _of_nobody(conn, chosen)
    if params.kind is not None:
        rows = [row for row in rows if row["kind"] == params.kind]
    counts = {kind: sum(row["kind"] == kind for row in rows) for kind in KINDS}
    return Built(
        rows=sorted(rows, key=lambda row: (row["day"], row["person"] or "", row["kind"], row["subject"])),
        completeness=completeness,
        timezone=zone,
        rules_version=chosen.rule_set.key,
        summary={kind: count for kind, count in counts.items() if count},
    )


def day_exceptions(day: Row[Any]) -> Iterator[dict[str, Any]]:
    """What is not as it should be on one day, as rows of the report."""
    names = incident_names(day.incidents)
    if day.status in {"MISSING_IN", "MISSING_OUT"} and day.status not in names:
        names = [day.status, *names]
    for name in names:
        kind, need, have, remedies = _WORDS[name]
        yield {
            "kind": kind,
            "person": day.number,
            "person_name": day.name,
            "site": day.site,
            "day": day.work_date.isoformat(),
            "subject": f"{day.shift or 'no shift'} on {day.work_date}",
            "need": need,
            "have": _have(name, have, day),
            "reason": _reason(name, day),
            "remedies": list(remedies),
            "link": day_link(day.number, day.work_date),
        }


def _have(name: str, have: str, day: Row[Any]) -> str:
    if name == "MISSING_OUT" and day.first_in is not None:
        return f"only a punch at {day.first_in:%H:%M:%S}"
    if name == "MISSING_IN" and day.last_out is not None:
        return f"only a punch at {day.last_out:%H:%M:%S}"
    return have


def _reason(name: str, day: Row[Any]) -> str:
    if name in {"MISSING_IN", "MISSING_OUT"} and day.window_start is not None:
        return f"one punch between {day.window_start:%m-%d %H:%M} and {day.window_end:%m-%d %H:%M}"
    if day.set_aside:
        return "set aside: " + ", ".join(day.set_aside)
    return name.lower().replace("_", " ")


async def _of_nobody(conn: ReadConnection, chosen: Chosen) -> list[dict[str, Any]]:
    after = chosen.end + timedelta(days=1)
    unknown = await select_unknown_people(conn, chosen.start, after)
    unmapped = await select_unmapped_devices(conn, chosen.start, after)
    return [*_unknown_people(unknown), *_unmapped_devices(unmapped)]


def _unknown_people(rows: Sequence[Row[Any]]) -> Iterator[dict[str, Any]]:
    for row in rows:
        yield _nobodys(
            "unknown_person",
            row.day.isoformat(),
            f"{row.punches} check-ins of {row.unknown_person or 'an empty number'}",
            need="a person for every punch",
            have=f"the number {row.unknown_person!r}, which is no person",
            reason=f"punched at {row.device or 'an unnamed device'}",
            remedies=["create the person upstream", "correct the number of the punches upstream"],
        )


def _unmapped_devices(rows: Sequence[Row[Any]]) -> Iterator[dict[str, Any]]:
    for row in rows:
        yield _nobodys(
            "unmapped_device",
            row.day.isoformat(),
            f"device {row.name}",
            need="a site for every device",
            have=f"{row.punches} check-ins from a device of no site",
            reason="nobody has said where this device hangs",
            remedies=["map the device to its site"],
        )


def _nobodys(kind: str, day: str, subject: str, **words: Any) -> dict[str, Any]:
    nobody = {"person": None, "person_name": None, "site": None}
    return {"kind": kind, **nobody, "day": day, "subject": subject, **words, "link": None}


EXCEPTIONS: Report[ExceptionsParams, ExceptionRow] = Report(
    name="exceptions",
    title="Exceptions",
    titles={"es": "Incidencias"},
    description="What needs somebody's attention, each with what would mend it.",
    params=ExceptionsParams,
    row=ExceptionRow,
    build=exceptions,
    scope=scopes_of,
    key=("kind", "person", "day", "subject"),
    period=period_of,
    causes=causes_of_days,
    resolve=resolved,
    labels={
        "es": {
            "kind": "Tipo",
            "person": "Número",
            "person_name": "Nombre",
            "site": "Sucursal",
            "day": "Día",
            "subject": "Asunto",
            "need": "Hace falta",
            "have": "Hay",
            "reason": "Motivo",
            "remedies": "Remedios",
            "link": "Explicación",
        }
    },
    example={
        "params": {"month": "2026-10", "site": "Villas", "rule_set": "recommended"},
        "items": [
            {
                "kind": "missing_punch",
                "person": "HR-EMP-00044",
                "person_name": "Ana Pérez",
                "site": "Villas",
                "day": "2026-10-07",
                "subject": "Day 08-17 on 2026-10-07",
                "need": "a punch out",
                "have": "only a punch at 08:02:11",
                "reason": "one punch between 10-07 00:00 and 10-07 23:59",
                "remedies": ["add the punch out upstream", "ask the person when they left"],
                "link": "/v1/attendance/days/HR-EMP-00044/2026-10-07/explain",
            }
        ],
        "summary": {"missing_punch": 1},
    },
    lifetime=timedelta(minutes=15),
)
