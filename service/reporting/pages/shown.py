"""How values, facts and completeness read to a person."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final, TypeAlias

from service.reporting.columns import Kind, Light, at_the_wall, clock, humanised, is_pounds, wall_clock
from service.reporting.words import words

_CENT: Final = Decimal("0.01")
Lights: TypeAlias = Callable[[str, str], Light]
"""How a band reads in a language."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A parameter or a figure of the summary: its field, label and value as text, and its light if any."""

    name: str
    label: str
    value: str
    light: Light | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GapShown:
    """One gap as a row of a table."""

    subject: str
    need: str
    have: str
    when: Sequence[str]
    reasons: Sequence[str]
    remedies: Sequence[str]
    link: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Banner:
    """The completeness of an answer in words."""

    complete: bool
    headline: str
    text: str
    as_of: str
    generated_at: str
    sources: Sequence[tuple[str, str]]
    reasons: Sequence[str]
    gaps: Sequence[GapShown]


def shown(value: Any, kind: Kind, zone: str, locale: str) -> str:
    """A cell as text; an absent value is a dash, so that nobody takes it for zero."""
    if value is None:
        return "–"
    if kind == "duration" and isinstance(value, int | float):
        return clock(value)
    if isinstance(value, str) and kind in _OF_TEXT:
        return _OF_TEXT[kind](value, zone)
    return plain(value, locale)


def pounds(value: str) -> str:
    """With two decimals, half up (mill spec R1); files and answers keep all four."""
    return str(Decimal(value).quantize(_CENT, ROUND_HALF_UP) + 0)  # no -0.00


_OF_TEXT: Final[Mapping[Kind, Callable[[str, str], str]]] = {
    "pounds": lambda value, _: pounds(value),
    "instant": wall_clock,
    "wall": lambda value, _: value.replace("T", " ").removesuffix(":00"),
    "time": lambda value, zone: f"{at_the_wall(value, zone):%H:%M:%S}",
}
"""What travels as text, by kind and the zone that clocks are shown in."""


def plain(value: Any, locale: str) -> str:
    """Any JSON value as text."""
    if isinstance(value, bool):
        return words(locale)["yes" if value else "no"]
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {plain(part, locale)}" for name, part in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(plain(part, locale) for part in value)
    return "–" if value is None else str(value)


def with_unit(value: Any, unit: str | None, locale: str) -> str:
    """A figure with its unit; seconds also as a clock."""
    if unit in {"s", "seconds"} and isinstance(value, int | float) and not isinstance(value, bool):
        return f"{clock(value)} ({value} s)"
    return plain(value, locale) + (f" {unit}" if unit else "")


def shown_facts(
    answer: Mapping[str, Any], locale: str, names: Mapping[str, str], lights: Lights | None = None
) -> Mapping[str, Sequence[Fact]]:
    """Parameters, key figures with a light (`cards`) and the rest of the summary; its rows are no facts.

    `names` are the report's labels.
    """
    params, summary = answer["params"].items(), answer["summary"].items()
    facts = [_fact(name, value, locale, names, lights) for name, value in summary if not _is_table(value)]
    return {
        "params": [_fact(name, value, locale, names) for name, value in params if value != []],
        "cards": [fact for fact in facts if fact.light is not None],
        "summary": [fact for fact in facts if fact.light is None],
    }


def _is_table(value: Any) -> bool:
    parts = list(value.values()) if isinstance(value, Mapping) else value
    return isinstance(parts, Sequence) and bool(parts) and isinstance(parts[0], Mapping)


def _fact(name: str, value: Any, locale: str, names: Mapping[str, str], lights: Lights | None = None) -> Fact:
    label = names.get(name) or humanised(name)
    if name.endswith("_seconds") and isinstance(value, int | float):
        return Fact(name, label, clock(value))
    if is_pounds(name) and isinstance(value, str):
        return Fact(name, label, pounds(value))
    if isinstance(value, Mapping) and {"value", "unit"} <= value.keys():
        # A key figure: one that could not be measured has neither unit nor band.
        figure, band = value["value"], value.get("band")
        text = with_unit(figure, None if figure is None else value["unit"], locale)
        return Fact(name, label, text, lights(band, locale) if lights and band else None)
    return Fact(name, label, plain(value, locale))


def banner(meta: Mapping[str, Any], locale: str) -> Banner:
    """The completeness of `meta` in words, instants as wall clocks of its time zone."""
    said, zone = words(locale), meta["timezone"]
    state = "complete" if meta["complete"] else "incomplete"
    through = meta["complete_through"].items()
    return Banner(
        complete=meta["complete"],
        headline=said[state],
        text=said[f"{state}_text"],
        as_of=_clock_or_blank(meta["as_of"], zone),
        generated_at=_clock_or_blank(meta["generated_at"], zone),
        sources=[(name, said["nothing_yet"] if at is None else wall_clock(at, zone)) for name, at in through],
        reasons=meta["incomplete_reasons"],
        gaps=[gap_shown(gap, zone, locale) for gap in meta["gaps"]],
    )


def _clock_or_blank(instant: str | None, zone: str) -> str:
    return "" if instant is None else wall_clock(instant, zone)


def gap_shown(gap: Mapping[str, Any], zone: str, locale: str) -> GapShown:
    """A gap as a row of a table."""
    return GapShown(
        subject=gap["subject"] or humanised(gap["code"]),
        need=gap["need"],
        have=gap["have"],
        when=_span(gap["from"], gap["to"], zone, locale),
        reasons=gap["reasons"],
        remedies=gap["remedies"],
        link=gap["link"],
    )


def _span(start: str | None, end: str | None, zone: str, locale: str) -> list[str]:
    said = words(locale)
    parts = [(said["from"], start), (said["to"], end)]
    return [f"{word} {wall_clock(at, zone)}" for word, at in parts if at is not None]


def answered_window(answer: Mapping[str, Any]) -> dict[str, str]:
    """The dates an answer says it covers, where its summary names them."""
    summary = answer["summary"]
    return {name: summary[name] for name in ("from", "to") if isinstance(summary.get(name), str)}
