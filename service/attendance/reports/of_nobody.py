"""Exceptions that are no person's day: numbers nobody has, devices of no site, clocks that are set wrong."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row

from service.attendance.queries.clocks import copy_readings, select_devices, select_early_uploads
from service.attendance.queries.exceptions import select_unknown_people, select_unmapped_devices
from service.attendance.reports.fixes import fix_of_device, fix_of_number
from service.attendance.reports.periods import Chosen
from service.attendance.rules.clock_skew import UPLOAD_LEAD_SECONDS, Skew, skewed_clocks
from service.core.database import ReadConnection
from service.core.errors import near_matches

_EPOCH = date(1970, 1, 1)


async def of_nobody(conn: ReadConnection, chosen: Chosen) -> list[dict[str, Any]]:
    """Punches of unknown numbers and devices without a site, for who sees all sites."""
    after = chosen.end + timedelta(days=1)
    unknown = await select_unknown_people(conn, chosen.start, after)
    unmapped = await select_unmapped_devices(conn, chosen.start, after)
    known = [person.number for person in chosen.people]
    near = await asyncio.to_thread(_nearest, {row.unknown_person or "" for row in unknown}, known)
    return [*_unknown_people(unknown, near), *_unmapped_devices(unmapped)]


async def wrong_clocks(
    conn: ReadConnection, chosen: Chosen, sites: frozenset[str] | None
) -> list[dict[str, Any]]:
    """Devices of these sites (None: all) whose clock was wrong on a day, by shifts or by uploads."""
    readings = await copy_readings(conn, chosen.rule_set.id, chosen.start, chosen.end, chosen.ids)
    early = await select_early_uploads(conn, chosen.start, chosen.end, chosen.ids, UPLOAD_LEAD_SECONDS)
    devices = {row.id: row for row in await select_devices(conn)}
    found = {(row.device_id, row.day): _of_upload(row, devices) for row in early}
    for skew in await asyncio.to_thread(skewed_clocks, readings):
        day = _EPOCH + timedelta(days=skew.day)
        found[skew.device, day] = _of_shifts(skew, day, devices)
    return [row for row in found.values() if sites is None or row["site"] in sites]


def _nearest(numbers: set[str], known: Sequence[str]) -> dict[str, list[str]]:
    return {number: near_matches(number, known) for number in numbers}


def _unknown_people(rows: Sequence[Row[Any]], near: Mapping[str, Sequence[str]]) -> Iterator[dict[str, Any]]:
    for row in rows:
        yield _nobodys(
            "unknown_person",
            row.day.isoformat(),
            f"{row.punches} check-ins of {row.unknown_person or 'an empty number'}",
            need="a person for every punch",
            have=f"the number {row.unknown_person!r}, which is no person"
            if row.unknown_person
            else "no number",
            reason=f"punched at {row.device or 'an unnamed device'}",
            remedies=["create the person upstream", "correct the number of the punches upstream"],
            fixes=[fix_of_number(near[row.unknown_person or ""])],
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
            fixes=[fix_of_device(row.name, row.site, row.most or 0, row.people)],
        )


def _of_shifts(skew: Skew, day: date, devices: Mapping[int, Row[Any]]) -> dict[str, Any]:
    which, edge = ("last", "end") if skew.last else ("first", "start")
    had = _apart(skew.median_seconds)
    usual = _apart(skew.usual_seconds)
    return _clock(
        devices[skew.device],
        day,
        have=f"{which} punches {had} the {edge} of the shift",
        reason=f"median of {skew.people} people; {usual} in their {skew.usual_punches} other punches",
    )


def _of_upload(row: Row[Any], devices: Mapping[int, Row[Any]]) -> dict[str, Any]:
    minutes = row.lead_seconds / 60
    return _clock(
        devices[row.device_id],
        row.day,
        have=f"punches uploaded before their time: {row.punches}",
        reason=f"stored upstream up to {minutes:.0f} min before the time they show",
    )


def _apart(seconds: int) -> str:
    return f"{abs(seconds) / 60:.0f} min {'before' if seconds < 0 else 'after'}"


def _clock(device: Row[Any], day: date, *, have: str, reason: str) -> dict[str, Any]:
    row = _nobodys(
        "clock_skew",
        day.isoformat(),
        f"clock of {device.name}",
        need="a clock that shows the time of its site",
        have=have,
        reason=reason,
        remedies=["set the device's clock", "correct the punches upstream once it is known by how much"],
        fixes=[],
    )
    return {**row, "site": device.site}


def _nobodys(kind: str, day: str, subject: str, **words: Any) -> dict[str, Any]:
    nobody = {"person": None, "person_name": None, "site": None}
    return {
        "kind": kind, **nobody, "day": day, "subject": subject, **words, "dismissed": None, "link": None,
    }  # fmt: skip
