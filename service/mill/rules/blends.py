"""What a yarn is spun of: fibres with their points of a hundred (spec A.17, E.13)."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from service.mill.rules.exact import ONE, ZERO

# Two blends whose fibres differ by no more points than these are the same.
_SAME_POINTS: Final = Decimal(4)
_WHOLE: Final = Decimal(100)
_PART = re.compile(r"(\d+(?:\.\d+)?) ?% ?([A-Z][A-Z -]*[A-Z]|[A-Z])")


def blend_of(text: str | None) -> dict[str, Decimal] | None:
    """Fibres of a text such as `60% COTTON 40% POLY` or `60% Cotton/40% Poly`; None where it is no blend.

    Every part has to state its points, and they have to add to 100.
    """
    text = " ".join((text or "").upper().replace("/", " ").replace(",", " ").split())
    found: dict[str, Decimal] = {}
    for points, fibre in _PART.findall(text):
        found[fibre] = found.get(fibre, ZERO) + Decimal(points)
    rest = _PART.sub("", text).strip()
    return found if not rest and sum(found.values(), ZERO) == _WHOLE else None


def composition_likeness(one: Mapping[str, Decimal], other: Mapping[str, Decimal]) -> Decimal:
    """The part that two blends (points of 100 by fibre) share; 1 where no fibre differs by more than 4."""
    fibres = sorted({*one, *other})
    pairs = [(one.get(fibre, ZERO), other.get(fibre, ZERO)) for fibre in fibres]
    if all(abs(here - there) <= _SAME_POINTS for here, there in pairs):
        return ONE
    return sum((min(pair) for pair in pairs), ZERO) / _WHOLE
