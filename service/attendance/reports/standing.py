"""How far a report of the desk can be trusted: watermarks, gaps, undecided days, in words and as meta."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from service.attendance.queries.completeness import FILE, MirrorState, select_mirror_state
from service.attendance.queries.sheet import count_pending
from service.attendance.queries.watermarks import Window
from service.attendance.reports.periods import Chosen
from service.attendance.rules.zones import site_instant
from service.core.database import ReadConnection
from service.reporting.report import Completeness
from service.schemas.envelope import Gap

NOT_SYNCED = (
    "nothing was ever recorded here; run `muster sync attendance`, or `muster import attendance FILE`"
)


async def standing(
    conn: ReadConnection, chosen: Chosen, undecided: tuple[int, int] | None = None
) -> tuple[Completeness, str]:
    """Completeness of the chosen days and people, and the zone their clocks show.

    `undecided` are the pending and the missing person-days, for who has read the days already.
    """
    state = await select_mirror_state(conn, chosen.start, chosen.end, chosen.ids)
    if undecided is None:
        undecided = await count_pending(conn, chosen.rule_set.id, chosen.start, chosen.end, chosen.ids)
    pending, missing = undecided
    after = datetime.combine(chosen.end + timedelta(days=1), time())
    reasons = [
        *site_reasons(chosen.absent_sites),
        *source_reasons(state.zone, state.watermarks, after),
        *day_reasons(state.dirty_days, pending, missing),
        *(night_reasons(state.zone, state.watermarks, after) if pending else ()),
    ]
    return _completeness(state, reasons)


async def standing_at(conn: ReadConnection, chosen: Chosen, at: datetime) -> tuple[Completeness, str]:
    """Completeness of what was so at an instant within the chosen days, and the zone of the clocks.

    Days need not be decided; but each person needs one, and every check-in up to the instant.
    """
    state = await select_mirror_state(conn, chosen.start, chosen.end, chosen.ids)
    _, missing = await count_pending(conn, chosen.rule_set.id, chosen.start, chosen.end, chosen.ids)
    reasons = [
        *site_reasons(chosen.absent_sites),
        *source_reasons(state.zone, state.watermarks, at, "check-ins since then are not counted"),
        *day_reasons(state.dirty_days, 0, missing),
    ]
    return _completeness(state, reasons)


def _completeness(state: MirrorState, reasons: Sequence[str]) -> tuple[Completeness, str]:
    zone = state.zone or "UTC"
    gaps = [gap_of(window, ZoneInfo(zone)) for window in state.gaps]
    completeness = Completeness(
        complete=not reasons and not gaps,
        as_of=state.complete_through,
        complete_through=state.watermarks,
        reasons=reasons,
        gaps=gaps,
    )
    return completeness, zone


def source_reasons(
    zone: str | None,
    through: Mapping[str, datetime | None],
    end: datetime,
    consequence: str = "the last day ends after that",
) -> Sequence[str]:
    """Why what was recorded before `end` may not all be here.

    `end` is an instant, or a reading of the site's clock; `consequence` says what that means.
    """
    if zone is None:
        return [NOT_SYNCED]
    info = ZoneInfo(zone)
    needed = end if end.tzinfo is not None else end.replace(tzinfo=info)
    lacking = sorted(name for name, instant in through.items() if instant is None)
    behind = {name: at for name, at in through.items() if at is not None and at < needed}
    reasons = []
    if unread := [name for name in lacking if not _is_of_file(name)]:
        reasons.append(f"not yet read from the upstream to its end: {', '.join(unread)}")
    if untold := [name for name in lacking if _is_of_file(name)]:
        reasons.append(f"nobody has said through when these files are complete: {', '.join(untold)}{_SAY_SO}")
    if late := [at for name, at in behind.items() if not _is_of_file(name)]:
        reasons.append(f"the upstream is read through {_shown(min(late), info)}; {consequence}")
    for name, at in sorted(behind.items()):
        if _is_of_file(name):
            reasons.append(f"{name} is stated complete through {_shown(at, info)}; {consequence}")
    return reasons


_SAY_SO = "; import them with `--complete-through DATE`"


def _is_of_file(name: str) -> bool:
    return name.startswith(f"{FILE}:")


def _shown(instant: datetime, zone: ZoneInfo) -> str:
    return f"{instant.astimezone(zone):%Y-%m-%d %H:%M} ({zone.key})"


def site_reasons(absent: Sequence[str]) -> Sequence[str]:
    """Sites the caller is limited to and that are not here, in words."""
    return [
        f"there is no site {name!r} here, to which this key is limited: nothing of it is shown"
        for name in absent
    ]


def day_reasons(dirty: int, pending: int, missing: int) -> Sequence[str]:
    """Person-days that are not what they will be, in words."""
    reasons = []
    if dirty:
        reasons.append(f"{dirty} person-days changed and wait to be recomputed")
    if pending:
        reasons.append(f"{pending} person-days are not decided yet")
    if missing:
        reasons.append(f"{missing} person-days have no result: they lie ahead, or before the first record")
    return reasons


def night_reasons(zone: str | None, through: Mapping[str, datetime | None], end: datetime) -> Sequence[str]:
    """Which files keep undecided what ends after the midnight `end`, though stated complete up to it."""
    info = ZoneInfo(zone or "UTC")
    first, last = end.replace(tzinfo=info), (end + timedelta(days=1)).replace(tzinfo=info)
    held = sorted(
        name for name, at in through.items() if _is_of_file(name) and at is not None and first <= at < last
    )
    if not held:
        return []
    return [f"what ends after the last midnight waits for the day after: {', '.join(held)}{_SAY_SO}"]


def gap_of(window: Window, zone: ZoneInfo) -> Gap:
    """A stretch that was not read, as a gap with what would close it."""
    return Gap(
        code="upstream_window_unread",
        need=f"{window.doctype} of this stretch agreeing with the upstream",
        have=window.reason or f"not read to the end; {window.got_count} rows so far",
        from_=site_instant(window.from_time, zone),
        to=site_instant(window.to_time, zone),
        reasons=[window.reason or "the run that read it has not ended"],
        remedies=[
            "wait for the next sync, which tries it again",
            "run `muster sync attendance --mode reconcile`",
        ],
        subject=window.doctype,
        link="/v1/attendance/sync",
    )
