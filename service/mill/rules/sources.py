"""The kinds of files that feed the desk, and how far an answer that stands on them can be trusted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

KINDS: Final = (
    "yarn_inventory",
    "bom",
    "knit_orders",
    "expected_receipts",
    "yarn_po",
    "yarn_demand",
    "sales",
    "style_map",
    "styles",
    "machines",
    "rates",
    "suppliers",
    "stage_inventory",
    "forecasts",
)
"""Spec E.8, and forecasts (E.6.1)."""
PLAN_NEEDS: Final = ("yarn_inventory", "bom", "knit_orders", "expected_receipts")
"""Without any of these a plan is not complete."""
OLD_AFTER: Final = timedelta(hours=24)
"""Spec E.10: data older than this are told."""


@dataclass(frozen=True, slots=True)
class SourceState:
    """The last file of a kind that was put in force, and whether a later one was refused."""

    kind: str
    job_id: int
    snapshot_date: date
    applied_at: datetime
    rows_rejected: int
    refused_since: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """How far an answer on some kinds of files can be trusted (promise 1).

    `as_of` is the oldest of the days the files speak of. `reasons` is empty exactly when it is complete.
    `until`: when the next of the files will be old (None: none will).
    """

    as_of: date | None
    through: Mapping[str, datetime | None]
    reasons: Sequence[str]
    until: datetime | None = None

    @property
    def complete(self) -> bool:
        """Whether every kind was read whole, and lately enough."""
        return not self.reasons


def standing(needed: Iterable[str], states: Mapping[str, SourceState], now: datetime) -> Standing:
    """What is known of the kinds that an answer needs, at an instant."""
    kinds = list(needed)
    found = [states[kind] for kind in kinds if kind in states]
    reasons = [f"no file of {kind} was ever read" for kind in kinds if kind not in states]
    for one in found:
        reasons += list(_doubts(one, now))
    return Standing(
        as_of=min((one.snapshot_date for one in found), default=None),
        through={kind: states[kind].applied_at if kind in states else None for kind in kinds},
        reasons=reasons,
        until=min((at for one in found if (at := one.applied_at + OLD_AFTER) > now), default=None),
    )


def _doubts(one: SourceState, now: datetime) -> Iterable[str]:
    if one.rows_rejected:
        yield f"{one.rows_rejected} rows of {one.kind} (import {one.job_id}) were rejected"
    if one.refused_since:
        yield f"a later file of {one.kind} was refused"
    if now - one.applied_at > OLD_AFTER:
        yield f"{one.kind} is older than {OLD_AFTER.total_seconds() / 3600:.0f} h (import {one.job_id})"
