"""Holidays: from its first to its last date, a file says all days of each list that it names."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from service.attendance.imports.links import Links
from service.attendance.imports.masters import read_values, unique
from service.attendance.imports.work import Work
from service.attendance.models import HolidayList
from service.attendance.queries import marks, mirror
from service.attendance.queries.scopes import MASTERS

DEFAULT_LIST: Final = "Holidays"
"""What the list is called where the file does not say."""
Days = dict[date, dict[str, Any]]


async def store(work: Work) -> None:
    """Read all rows and, unless a rejected one refuses the file, make the lists' days these."""
    links = await Links.of(work)
    lists = _by_list(work, links, await read_values(work))
    if work.refused:
        return
    for name, days in lists.items():
        await _store_list(work, links, name, days)


def _by_list(work: Work, links: Links, read: Sequence[tuple[int, Mapping[str, Any]]]) -> dict[str, Days]:
    """The days of each list: one row for a date, none where rows of it contradict each other."""
    found: dict[tuple[str, date], list[tuple[int, dict[str, Any]]]] = {}
    for line, values in read:
        row = {
            "day": values["date"],
            "description": values.get("description") or "",
            "weekly_off": bool(values.get("weekly_off")),
            "half_day": bool(values.get("half_day")),
        }
        name = links.spelled("holiday_lists", values.get("holiday_list") or DEFAULT_LIST)
        found.setdefault((name, values["date"]), []).append((line, row))
    lists: dict[str, Days] = {}
    for (name, day), row in unique(work, found).items():
        lists.setdefault(name, {})[day] = row
    return lists


async def _store_list(work: Work, links: Links, name: str, days: Days) -> None:
    made = await mirror.merge_documents(
        work.conn, HolidayList, work.source_id, [{"upstream_name": name, "name": name}]
    )
    list_id = made[0].id if made else links.known["holiday_lists"][name.casefold()]
    before = {row["day"]: row for row in await mirror.select_holidays(work.conn, list_id)}
    span = (min(days), max(days)) if days else (date.max, date.min)
    beyond = {day: row for day, row in before.items() if not span[0] <= day <= span[1]}
    changed = await mirror.replace_holidays(work.conn, list_id, [*beyond.values(), *days.values()])
    await marks.mark_dates(work.conn, work.source_id, changed, "holiday")
    inserted, removed = len(days.keys() - before.keys()), len(before.keys() - beyond.keys() - days.keys())
    updated = len(changed) - inserted - removed
    work.counts.update(
        inserted=inserted, removed=removed, updated=updated, unchanged=len(days) - inserted - updated
    )
    if made or changed:
        work.scopes.add(MASTERS)
