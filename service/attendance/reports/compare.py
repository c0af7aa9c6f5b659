"""Two periods or two sites: the same figures side by side with their difference (spec A.16, F.5)."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from service.attendance.reports.frame import Frame, framed
from service.attendance.reports.periods import period_before, period_of, resolved, scopes_of, span_of
from service.attendance.reports.total_causes import causes_of_totals
from service.attendance.reports.totals import RULES, UNITS, explained, totals_of
from service.attendance.rules.shares import percent
from service.core.database import ReadConnection
from service.core.errors import FieldError, Invalid
from service.reporting.columns import Column, clock
from service.reporting.report import BuildContext, Built, Completeness, Difference, Report, Sealing
from service.schemas.asked import EARLIEST
from service.schemas.attendance.reports import PeopleFilter
from service.schemas.attendance.total_reports import CompareFigureParams, CompareParams, CompareRow
from service.schemas.envelope import Cause, Explanation

_FILTERS = ("company", "department", "person", "rule_set")
_LABELS = {
    "en": {"figure": "Figure", "unit": "Unit", "difference": "Difference", "change_percent": "Change %"},
    "es": {"figure": "Cifra", "unit": "Unidad", "difference": "Diferencia", "change_percent": "Cambio %"},
}


def sides(params: CompareParams) -> tuple[PeopleFilter, PeopleFilter]:
    """The first and the second side as filters of their own; `params` have a period (`resolved`)."""
    alike = {name: getattr(params, name) for name in _FILTERS}
    first = PeopleFilter(**_first_period(params), site=params.site, **alike)
    second = PeopleFilter(**_second_period(params), site=params.with_site or params.site, **alike)
    return first, second


def _first_period(params: CompareParams) -> dict[str, Any]:
    return {name: getattr(params, name) for name in ("month", "half", "week", "cut", "from_", "to")}


def _second_period(params: CompareParams) -> dict[str, Any]:
    if params.with_month is not None or params.with_from is not None:
        cut = None if params.with_month is None else params.cut
        return {"month": params.with_month, "from_": params.with_from, "to": params.with_to, "cut": cut}
    if params.with_site is not None:
        return _first_period(params)
    start, _ = span_of(params)
    if start.year <= EARLIEST.year:
        detail = "there is no period before this one; say which with with_month, or with_from and with_to"
        raise Invalid(detail, errors=[FieldError("/query/with_month", "no_period_before", detail)])
    return period_before(params)


def scopes_of_both(params: CompareParams) -> list[str]:
    """The data versions of both sides."""
    first, second = sides(params)
    with _wrong_second():
        others = scopes_of(second)
    return list(dict.fromkeys([*scopes_of(first), *others]))


@contextmanager
def _wrong_second() -> Iterator[None]:
    """What is wrong with the second side is wrong with the `with_` parameters."""
    try:
        yield
    except Invalid as error:
        errors = [
            replace(one, pointer=one.pointer.replace("/query/", "/query/with_")) for one in error.errors
        ]
        raise Invalid(error.detail, errors=errors) from None


async def compare(conn: ReadConnection, params: CompareParams, context: BuildContext) -> Built:
    """One row for each figure; incomplete where either side is."""
    frames = await _frames(conn, params, context)
    first, second = [(await totals_of(conn, frame)).figures() for frame in frames]
    both = replace(frames[0], completeness=_together(frames))
    return both.built(
        [_row(figure, unit, first[figure], second[figure]) for figure, unit in UNITS.items()],
        {"first": _named(frames[0], params.site), "second": _named(frames[1], sides(params)[1].site)},
    )


async def _frames(conn: ReadConnection, params: CompareParams, context: BuildContext) -> list[Frame]:
    one, other = sides(params)
    first = await framed(conn, one, context)
    with _wrong_second():
        return [first, await framed(conn, other, context)]


def _together(frames: Sequence[Frame]) -> Completeness:
    one, other = (frame.completeness for frame in frames)
    known = [*one.gaps, *(gap for gap in other.gaps if gap not in one.gaps)]
    reasons = [
        f"{frame.chosen.start} – {frame.chosen.end}: {reason}"
        for frame in frames
        for reason in frame.completeness.reasons
    ]
    return replace(
        one, complete=one.complete and other.complete, reasons=list(dict.fromkeys(reasons)), gaps=known
    )


def _named(frame: Frame, site: str | None) -> str:
    days = f"{frame.chosen.start} – {frame.chosen.end}"
    return f"{site}, {days}" if site else days


def _row(figure: str, unit: str, first: Any, second: Any) -> dict[str, Any]:
    values = {"figure": figure, "unit": unit, "first": first, "second": second}
    if first is None or second is None:
        return values | {"difference": None, "change_percent": None}
    difference = Decimal(first) - Decimal(second)
    return values | {
        "difference": int(difference) if isinstance(first, int) else str(difference),
        "change_percent": percent(difference, Decimal(second)),
    }


async def _causes(
    conn: ReadConnection,
    params: CompareParams,
    found: Sequence[Difference],
    sealing: Sealing,
    context: BuildContext,
) -> Sequence[Sequence[Cause]]:
    """Of a side's figure what happened to that side; of a difference what happened to either."""
    by_side = [await causes_of_totals(conn, side, found, sealing, context) for side in sides(params)]
    return [
        [
            *dict.fromkeys(
                cause
                for name, causes in zip(("first", "second"), (first, second), strict=True)
                if one.figure not in {"first", "second"} - {name}
                for cause in causes
            )
        ]
        for one, first, second in zip(found, *by_side, strict=True)
    ]


async def explain_side(
    conn: ReadConnection, params: CompareFigureParams, context: BuildContext
) -> Explanation:
    """What a figure of one side is made of."""
    place = ("first", "second").index(params.side)
    asked = resolved(params, context)
    frame = (await _frames(conn, asked, context))[place]
    side = sides(asked)[place]
    about = _named(frame, side.site)
    return explained(frame, await totals_of(conn, frame), params.figure, about, side)


def columns(answer: Mapping[str, Any], locale: str) -> Sequence[Column]:
    """The sides under the names the summary gives them; seconds as clocks."""
    said = _LABELS.get(locale, _LABELS["en"])
    return [
        Column(key="figure", label=said["figure"]),
        Column(key="unit", label=said["unit"]),
        *(
            Column(key=side, label=answer["summary"][side], pick=partial(_cell, side), explain={"side": side})
            for side in ("first", "second")
        ),
        Column(key="difference", label=said["difference"], pick=partial(_cell, "difference")),
        Column(key="change_percent", label=said["change_percent"], kind="number"),
    ]


def _cell(key: str, row: Mapping[str, Any]) -> Any:
    value = row[key]
    return clock(value) if row["unit"] == "seconds" and value is not None else value


COMPARE: Report[CompareParams, CompareRow] = Report(
    name="compare",
    title="Comparison",
    titles={"es": "Comparación"},
    description="The same figures of two periods or two sites side by side, with their difference.",
    params=CompareParams,
    row=CompareRow,
    build=compare,
    scope=scopes_of_both,
    resolve=resolved,
    key=("figure",),
    period=period_of,
    causes=_causes,
    explain=explain_side,
    explain_params=CompareFigureParams,
    explain_example={
        "params": {"month": "2026-10", "site": "Villas", "figure": "absent", "side": "first"},
        "answer": {
            "subject": "absent, Villas, 2026-10-01 – 2026-10-31",
            "value": "1.50",
            "unit": "days",
            "rule": RULES["absent"],
            "rule_version": "recommended/1",
            "inputs": [
                {"name": "2026-10-07", "value": "1.00", "unit": "days"},
                {"name": "2026-10-08", "value": "0.50", "unit": "days"},
            ],
        },
    },
    columns=columns,
    example={
        "params": {"month": "2026-10", "site": "Villas", "rule_set": "recommended", "with_site": "Centro"},
        "items": [
            {
                "figure": "absent",
                "unit": "days",
                "first": "1.50",
                "second": "2.00",
                "difference": "-0.50",
                "change_percent": "-25.0",
            },
            {
                "figure": "worked_seconds",
                "unit": "seconds",
                "first": 621360,
                "second": 612000,
                "difference": 9360,
                "change_percent": "1.5",
            },
        ],
        "summary": {
            "first": "Villas, 2026-10-01 – 2026-10-31",
            "second": "Centro, 2026-10-01 – 2026-10-31",
        },
    },
    lifetime=timedelta(minutes=15),
)
