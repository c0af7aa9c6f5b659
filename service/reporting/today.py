"""The page `/`: what needs whoever looks at it today, at every desk they may read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final
from urllib.parse import urlencode

import orjson
from fastapi import APIRouter, Depends, Query
from starlette.responses import RedirectResponse, Response

from service.core.auth import Caller, needs
from service.core.inbound import RuntimeDep
from service.core.runtime import Runtime
from service.reporting.answer import ask
from service.reporting.columns import humanised, wall_clock
from service.reporting.desk import Desk
from service.reporting.formats.html_page import HTML
from service.reporting.gaps import Placed, placed_gaps
from service.reporting.labels import labels
from service.reporting.pages import templates
from service.reporting.pages.shown import GapShown, gap_shown
from service.reporting.query import strict_query
from service.reporting.report import BuildContext, Report
from service.reporting.runs import failed_runs
from service.reporting.seals import params_of
from service.reporting.statements.finding import listed
from service.reporting.words import words
from service.schemas.envelope import Ask
from service.schemas.exports import Locale
from service.schemas.statements import StatementsAsk

MOST_GAPS: Final = 50
"""Of one desk; the list of all is linked."""
MOST_ROWS: Final = 10
"""Of one kind; the report that has all is linked."""
_EASE: Final = {"correct": 0, "map_device": 0, "dismiss": 1}
STATEMENTS: Final = 5
FAILED_WITHIN: Final = timedelta(days=1)
_PRIVATE: Final = {"Cache-Control": "private, no-cache", "Vary": "Authorization, Cookie"}
Known = Annotated[Caller, Depends(needs())]


class TodayAsk(Ask):
    """What the page of today can be asked."""

    locale: Locale = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What needs somebody, of one kind: how many, the first of them, where all are."""

    kind: str
    title: str
    count: int
    link: str
    rows: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedsShown:
    """What needs somebody at one desk, and whether the caller may decide it there."""

    desk: Desk
    report: Report[Any, Any]
    window: str
    zone: str
    count: int
    writes: bool
    groups: Sequence[Group]


def today_page(desks: Sequence[Desk]) -> APIRouter:
    """`/`: open gaps, what needs a decision, what was sealed lately, what failed, and the reports."""
    router = APIRouter(include_in_schema=False)

    @router.get("/", dependencies=[Depends(strict_query(TodayAsk))])
    async def today(runtime: RuntimeDep, caller: Known, asked: Annotated[TodayAsk, Query()]) -> Response:
        readable = [desk for desk in desks if caller.may(desk.reads)]
        if len(readable) == 1 and readable[0].home is not None:
            return RedirectResponse(_home(readable[0].home, asked.locale), 303, headers=_PRIVATE)
        page = await _page(runtime, readable, caller, asked.locale)
        return Response(page, headers={**_PRIVATE, **HTML.headers}, media_type=HTML.media_type)

    return router


def _home(path: str, locale: Locale) -> str:
    return path if locale == "en" else f"{path}?locale={locale}"


async def _page(runtime: Runtime, desks: Sequence[Desk], caller: Caller, locale: Locale) -> str:
    context = BuildContext(now=datetime.now(UTC), caller=caller, settings=runtime.settings)
    found = [await _needs(runtime, desk, context, locale) for desk in desks]
    shown = [need for need in found if need is not None and need.count]
    async with runtime.database.snapshot() as conn:
        gaps = await placed_gaps(conn, desks, context)
    newest = StatementsAsk(limit=STATEMENTS)
    sealed = await listed(runtime.database, runtime.settings, desks, caller, newest)
    zone = _zone_of(found)
    by_desk = list(_gaps_by_desk(desks, gaps, shown, zone, locale))
    return (
        templates("reporting")
        .get_template("today.html")
        .render(
            words=words(locale),
            locale=locale,
            in_locale="" if locale == "en" else f"&locale={locale}",
            zone=zone,
            at=lambda moment: wall_clock(moment.isoformat(), zone),
            desks=desks,
            gaps_by_desk=by_desk,
            more_gaps=any(len(shown) == MOST_GAPS for _, shown in by_desk),
            needs=shown,
            writes=any(need.writes for need in shown),
            dashboard=caller.may("admin"),
            overrides=next((need.report.overrides for need in shown if need.writes), ()),
            statements=sealed.items,
            runs=await failed_runs(runtime, desks, caller, context.now - FAILED_WITHIN),
        )
    )


def _zone_of(found: Sequence[NeedsShown | None]) -> str:
    """The one zone that all instants of the page are shown in: the desks' own, where they share it."""
    zones = {need.zone for need in found if need is not None}
    return zones.pop() if len(zones) == 1 else "UTC"


async def _needs(runtime: Runtime, desk: Desk, context: BuildContext, locale: Locale) -> NeedsShown | None:
    """The desk's report of these days, from a kept copy where there is one, by kind."""
    if desk.needs is None:
        return None
    report, params = desk.needs(context)
    _, answer = await ask(runtime, desk.name, report, params, context.caller)
    decoded = answer.decoded()
    given = params_of(params)
    return NeedsShown(
        desk=desk,
        report=report,
        window=" – ".join(str(given[end]) for end in ("from", "to") if end in given),
        zone=decoded["meta"]["timezone"],
        count=len(decoded["items"]),
        writes=context.caller.may(desk.writes),
        groups=list(_groups(desk, report, given, decoded["items"], locale)),
    )


def _groups(
    desk: Desk, report: Report[Any, Any], given: Mapping[str, Any], rows: Sequence[Any], locale: str
) -> Iterator[Group]:
    """The rows by kind, the newest first; first what can be approved here, then what can be dismissed."""
    easiest: dict[str, int] = {}
    for row in rows:
        ranks = [_EASE.get(fix["action"], 2) for fix in row["fixes"]]
        easiest[row["kind"]] = min([easiest.get(row["kind"], 2), *ranks])
    for kind in sorted(easiest, key=lambda kind: (easiest[kind], kind)):
        own = [row for row in reversed(rows) if row["kind"] == kind]
        asked = {**given, "kind": kind, "format": "html"} | ({} if locale == "en" else {"locale": locale})
        yield Group(
            kind=kind,
            title=labels(locale).get(kind) or humanised(kind),
            count=len(own),
            link=f"/v1/{desk.name}/reports/{report.name}?{urlencode(asked, doseq=True)}",
            rows=[_named(row) for row in own[:MOST_ROWS]],
        )


def _named(row: Mapping[str, Any]) -> Mapping[str, Any]:
    who = f"{row['person_name']} ({row['person']})" if row["person"] else row["day"]
    return {
        **row,
        "subject": f"{who}, {row['subject']}",
        "fixes_json": orjson.dumps(row["fixes"]).decode(),
    }


def _gaps_by_desk(
    desks: Sequence[Desk], found: Sequence[Placed], shown: Sequence[NeedsShown], zone: str, locale: str
) -> Iterator[tuple[Desk, Sequence[GapShown]]]:
    """The gaps of each desk that has any; those that its needs tell already are not told twice."""
    for desk in desks:
        need = next((one for one in shown if one.desk is desk), None)
        told = {group.kind for group in need.groups} if need else set()
        own = [placed.gap for placed in found if placed.desk == desk.name and placed.gap.code not in told]
        if own:
            dumped = (gap.model_dump(mode="json", by_alias=True) for gap in own[:MOST_GAPS])
            yield desk, [gap_shown(gap, zone, locale) for gap in dumped]
