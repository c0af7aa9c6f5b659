"""A child's progress as a page: in plain words for parents, in figures for professionals."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import urlencode

from jinja2 import Environment

from service.children.analytics import sections
from service.children.analytics.answers import READING, figures_of, period_of, question_of
from service.children.analytics.page_words import WORDS
from service.children.door import note_reading
from service.children.queries.figures.reading import Figures
from service.children.rules.completeness import meta_of, reasons_of
from service.children.rules.states import shifts_of
from service.core.auth import Caller
from service.core.pages import csp_hash, inline, template_environment
from service.reporting import pages
from service.reporting.pages.shown import banner
from service.reporting.snapshots import Platform
from service.reporting.words import words
from service.schemas.children.analytics import FiguresAsk
from service.schemas.children.figures import Mean, Shifts, Streaks, Summary, Trend, Trends

View = Literal["parent", "professional"]

_HERE: Final = Path(__file__).parent.parent / "pages"
_STYLE: Final = pages.STYLE + inline(_HERE / "progress.css")
HEADERS: Final = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src {csp_hash(_STYLE)}; img-src data:; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_PARTS: Final = (
    "summary", "emotions", "before", "compared", "trends", "timeseries_week", "types", "streaks",
)  # fmt: skip
_DIRECT: Final = ("score", "engagement", "accuracy")


async def progress_page(
    platform: Platform, caller: Caller, child_id: int, view: View, ask: FiguresAsk, locale: str
) -> str:
    """The page of a window, from one statement; the reading is noted. Raises `Hidden`, `LevelTooLow`."""
    now = datetime.now(UTC)
    question = question_of(child_id, "analytics", ask, now)
    async with platform.database.read() as conn:
        found = await figures_of(conn, caller, question.asking, _PARTS)
    page = written(found, view, locale, now)
    await note_reading(platform.database, caller, READING, child_id)
    return page


def written(found: Figures, view: View, locale: str, now: datetime) -> str:
    """The page of what was found."""
    said = WORDS[locale]
    weeks = sections.timeseries_of(found, "week", "score").buckets
    summary = sections.summary_of(found.documents["summary"], found.documents["emotions"], found.days)
    template = _templates().get_template(f"progress_{view}.html")
    asked = {"from": found.first, "to": found.last, "tz": found.zone, "locale": locale}
    return template.render(
        locale=locale,
        said=said,
        words=words(locale),
        view=view,
        name=found.name,
        window=period_of(found),
        query=urlencode(asked),
        views=[
            (name, f"progress-page?{urlencode({**asked, 'view': name})}")
            for name in ("parent", "professional")
        ],
        home=f"/v1/children/home?{urlencode({'locale': locale})}",
        banner=banner(_meta(found, now, said), locale),
        weeks=weeks,
        most=max((week.finished for week in weeks), default=0) or 1,
        advice=[said[advice.code] for advice in summary.recommendations],
        show=_shown(locale),
        **_own(found, view, summary, said),
    )  # fmt: skip


@cache
def _templates() -> Environment:
    return template_environment(_HERE, Path(pages.__file__).parent, style=_STYLE)


def _meta(found: Figures, now: datetime, said: Mapping[str, str]) -> Mapping[str, Any]:
    document = found.documents["summary"]
    told = {**said, "late": said["late_delivery"]}
    meta = meta_of(document, now=now, to_at=found.to_at, zone=found.zone, raised_at=found.raised_at)
    reasons = reasons_of(document, now=now, to_at=found.to_at, words=told)
    shown: Mapping[str, Any] = meta.model_copy(update={"incomplete_reasons": reasons}).model_dump(mode="json")
    return shown


def _own(found: Figures, view: View, summary: Summary, said: Mapping[str, str]) -> Mapping[str, Any]:
    """What only this view shows."""
    trends, states = sections.trends_of(found), shifts_of(found.documents["emotions"])
    if view == "parent":
        cards = _cards(summary, trends, states, sections.streaks_of(found), said)
        return {"lead": _lead(found, summary, said), "cards": cards}
    return {
        "compared": sections.comparison_of(found).figures,
        "trends": {name: getattr(trends, name) for name in Trends.model_fields},
        "types": sections.by_type_of(found).types,
        "states": states,
        "states_text": _about_states(said["states_text"], states),
    }


def _lead(found: Figures, summary: Summary, said: Mapping[str, str]) -> str:
    kind = "lead" if summary.finished else "lead_none"
    return said[kind].format(
        name=found.name, finished=summary.finished, completed=summary.completed, days=found.days
    )


def _cards(
    summary: Summary, trends: Trends, states: Shifts, streaks: Streaks, said: Mapping[str, str]
) -> Sequence[Mapping[str, str]]:
    felt = _about_states(said["feeling_value"], states) if states.tracked else said["feeling_none"]
    return [
        *(_card(said[name], getattr(summary, name), getattr(trends, name), said) for name in _DIRECT),
        {
            "label": said["feeling"],
            "value": felt,
            "text": _about_states(said["feeling_text"], states) if states.tracked else "",
        },
        {
            "label": said["minutes"],
            "value": f"{summary.active_seconds // 60}",
            "text": said["minutes_text"],
        },
        {
            "label": said["streak"],
            "value": f"{streaks.current}",
            "text": said["streak_text"].format(longest=streaks.longest),
        },
    ]


def _card(label: str, value: Mean, trend: Trend, said: Mapping[str, str]) -> Mapping[str, str]:
    why = trend.reason or trend.confidence
    direction = said[trend.direction] + (f"; {said[why]}" if why else "")
    text = said["of_trend"].format(n=value.n, direction=direction)
    return {"label": label, "value": "–" if value.mean is None else f"{value.mean:.0f}", "text": text}


def _about_states(text: str, states: Shifts) -> str:
    return text.format(
        n=states.tracked, up=states.improvements, down=states.deteriorations, same=states.stable
    )


def _shown(locale: str) -> Any:
    """Numbers as a language writes them, as exact as they are told."""

    def show(value: float) -> str:
        text = f"{value:.4f}".rstrip("0").rstrip(".")
        return text.replace(".", ",") if locale == "es" else text

    return show
