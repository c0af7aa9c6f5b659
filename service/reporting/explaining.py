"""Explanations over HTTP: JSON, a page of its own, or a fragment for the panel beside a table."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

from fastapi import Request
from starlette.responses import Response

from service.core.auth import Caller
from service.core.telemetry import timed
from service.reporting.desk import Desk
from service.reporting.formats.html_page import HTML
from service.reporting.negotiation import chosen_format
from service.reporting.pages import templates
from service.reporting.pages.shown import gap_shown, plain, with_unit
from service.reporting.query import taken_out
from service.reporting.report import BuildContext, Report
from service.reporting.snapshots import Platform, reach, snapshot_of
from service.reporting.subjects import NO_STORE
from service.reporting.words import words
from service.schemas.envelope import Explanation

OFFERED: Final = {"json": "application/json", "html": "text/html", "fragment": "text/vnd.muster.fragment"}


async def answer_explanation(
    request: Request,
    platform: Platform,
    desk: Desk,
    report: Report[Any, Any],
    asked: Any,
    caller: Caller,
    least: Mapping[str, int] | None,
) -> Response:
    """Answer a report's explain route."""
    assert report.explain is not None
    assert report.explain_params is not None
    name = chosen_format(asked.format, request.headers.get("accept"), OFFERED)
    context = BuildContext(now=datetime.now(UTC), caller=caller, settings=platform.settings)
    question = taken_out(asked, report.explain_params)
    if report.resolve is not None and issubclass(report.explain_params, report.params):
        question = report.resolve(question, context)
    await reach(platform, least)
    with timed("explain", desk=desk.name, report=report.name):
        async with snapshot_of(platform, (), least or {}, caller) as seen:
            subjects = () if report.whom is None else await report.whom(seen.conn, question, context)
            explanation = await report.explain(seen.conn, question, context)
    await desk.note(platform.database, caller, f"{report.snake}.explain", subjects)
    title = report.title_in(asked.locale)
    response = explanation_response(explanation, name, locale=asked.locale, desk=desk.name, title=title)
    if desk.subjects is not None:
        response.headers.update(NO_STORE)
    return response


def explanation_response(
    explanation: Explanation, name: str = "json", *, locale: str = "en", desk: str, title: str
) -> Response:
    """An explanation in one of the offered formats; for reports and for the desks' own entities."""
    headers = {"Cache-Control": "private, no-cache", "Vary": "Accept, Authorization, Cookie"}
    if name == "json":
        body = explanation.model_dump_json(by_alias=True)
        return Response(body, headers=headers, media_type="application/json")
    page = explanation_html(explanation, locale=locale, desk=desk, title=title, whole=name == "html")
    return Response(page, headers={**headers, **HTML.headers}, media_type=HTML.media_type)


def explanation_html(
    explanation: Explanation, *, locale: str, desk: str, title: str, whole: bool, zone: str = "UTC"
) -> str:
    """An explanation as HTML, everything escaped: a page, or the fragment that a panel shows."""
    template = templates(desk).get_template("explanation_page.html" if whole else "explanation.html")
    gaps = [gap.model_dump(mode="json", by_alias=True) for gap in explanation.gaps]
    return template.render(
        explanation=explanation,
        gaps=[gap_shown(gap, zone, locale) for gap in gaps],
        words=words(locale),
        locale=locale,
        desk=desk,
        report_title=title,
        show=partial(with_unit, locale=locale),
        plain=partial(plain, locale=locale),
    )
