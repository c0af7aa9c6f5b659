"""The bars of the summary's page: who worked most of the hours that were planned (spec A.14)."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Final, TypeAlias

from service.attendance.reports.lights import light_of
from service.attendance.rules.period.cards import BAR_BANDS, BAR_LIMITS
from service.attendance.rules.period.measures import rounded, share_of
from service.reporting.columns import Light, clock
from service.reporting.pages.charts import RankedBar, ranked_bars

MOST_BARS: Final = 15
_TITLES: Final = {
    "en": "Worked of net planned hours: the highest {shown} of {people} people with hours planned",
    "es": "Horas trabajadas entre netas: las {shown} más altas de {people} personas con horas planeadas",
}
_BELOW: Final = {"en": "below {limit} %", "es": "menos de {limit} %"}

Share: TypeAlias = tuple[Fraction, Mapping[str, Any]]


def efficiency_bars(answer: Mapping[str, Any], locale: str) -> Mapping[str, Any]:
    """The bars, the highest first and equal ones in the order of the rows; of how many people, and the bands.

    Worked of net planned hours in percent, without the cap of the key figure; who had none planned has none.
    """
    shares = _shares(answer["items"])
    highest = sorted(shares, key=lambda share: -share[0])[:MOST_BARS]
    return {
        "bars": ranked_bars([_bar(*share, locale) for share in highest]),
        "title": _TITLES[locale].format(shown=len(highest), people=len(shares)),
        "key": _key(locale),
    }


def _shares(rows: Sequence[Mapping[str, Any]]) -> list[Share]:
    found = [(share_of(row["worked_seconds"], row["net_expected_seconds"]), row) for row in rows]
    return [(share, row) for share, row in found if share is not None]


def _bar(percent: Fraction, row: Mapping[str, Any], locale: str) -> RankedBar:
    band = next(word for holds, word in BAR_BANDS if holds(percent))
    return RankedBar(
        name=row["person_name"],
        beside=row["person"],
        value=float(percent),
        text=f"{rounded(percent)} %",
        made_of=f"{clock(row['worked_seconds'])} / {clock(row['net_expected_seconds'])}",
        light=light_of(band, locale),
    )


def _key(locale: str) -> list[Light]:
    """The bands with their limits."""
    limits = [f"≥ {limit} %" for limit, _ in BAR_LIMITS] + [_BELOW[locale].format(limit=BAR_LIMITS[-1][0])]
    lights = [light_of(band, locale) for _, band in BAR_BANDS]
    return [Light(one.mark, f"{one.word} {limit}") for one, limit in zip(lights, limits, strict=True)]
