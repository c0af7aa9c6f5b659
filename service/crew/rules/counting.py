"""The counts that a grid states, held against the people it lists (spec D.1.11)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from service.crew.rules.crewing import Lists
from service.crew.rules.grid import CrewRow, Finding

COUNTED: Final = ("Total Crew", "BA", "LGV", "MGR")
"""The labels of the Rules section that are understood."""
SHOWN: Final = 50
"""Stretches that a finding names; it says how many there are."""


def mismatch(
    counts: Mapping[str, Sequence[int | None]],
    crew: Sequence[CrewRow],
    labels: Sequence[str],
    lists: Lists,
) -> Finding | None:
    """Where a grid's own count cannot be right; None: nowhere.

    `crew` are all people of the grid, those included whose cells could not be read: they may be available or
    not, so a count is wrong only below the one and above the other.
    """
    found = [
        stretch
        for label, values in counts.items()
        for stretch in _stretches(label, values, [row for row in crew if _counts(label, row, lists)], labels)
    ]
    if not found:
        return None
    return Finding("count_mismatch", {"stretches": len(found), "differences": found[:SHOWN]})


def _counts(label: str, row: CrewRow, lists: Lists) -> bool:
    if label == "BA":
        return "BA" in row.skills
    if label == "LGV":
        return not set(lists.driver_skills).isdisjoint(row.skills)
    if label == "MGR":
        return row.role in lists.manager_roles or not set(lists.officer_skills).isdisjoint(row.skills)
    return True


def _stretches(
    label: str, values: Sequence[int | None], rows: Sequence[CrewRow], labels: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """Slots with the same difference as one: from the first label up to the next after the last."""
    open_: dict[str, Any] | None = None
    for at, value in enumerate(values):
        states = [row.cells[at].state for row in rows]
        least = states.count("available")
        fits = value is None or least <= value <= least + states.count("unknown")
        same = open_ is not None and (open_["grid"], open_["computed"]) == (value, least)
        if open_ is not None and (fits or not same):
            yield {**open_, "to": labels[at]}
            open_ = None
        if open_ is None and not fits:
            open_ = {"label": label, "from": labels[at], "grid": value, "computed": least}
    if open_ is not None:
        yield {**open_, "to": "2400"}
