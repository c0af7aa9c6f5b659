"""Directions: a later group of sessions against an earlier one (spec D7.5), where the two are comparable.

Comparable: a new version of a scenario, or another device, can be easier or harder, so that scores move and
the child does not. Sessions of one `scenario_version` on one `device_type` are a *setup* (unknown counts as a
value of its own). Let the overlap be the sum, over setups, of the smaller of its shares in the two groups.
1. Overlap below 1/2: most of the later sessions were played in other setups: nothing is claimed, not even
   that nothing changed.
2. Overlap below 1 and a movement: it is claimed only where it also shows within setups that both groups have
   (difference of means in each, weighted by the smaller number of sessions), beyond the threshold, the same
   way.
Else the direction is `not_comparable`, with what changed. The figures of each setup are given in any case.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from service.children.rules.rounding import rounded
from service.schemas.children.figures import Confidence, Direction, Metric, Reason, Setup, Trend

LEAST: Final = 4
"""Sessions below which nothing is said of a direction."""
MEDIUM, HIGH = 8, 16
THRESHOLDS: Final[Mapping[Metric, int]] = {"score": 5, "engagement": 10, "accuracy": 5, "duration": 120}
"""What a difference has to exceed: points, points, percentage points, seconds."""
_HALF: Final = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Group:
    """Sessions of one setup in the earlier or later group: how many, and the sum of their values."""

    late: bool
    scenario_version: str | None
    device_type: str | None
    n: int
    total: Decimal
    by_rank: Decimal = Decimal(0)
    """Sum of value × rank (1 for the first session)."""
    squares: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What may be said of two groups; means exact."""

    n: int
    direction: Direction
    reason: Reason | None
    early: Fraction | None
    late: Fraction | None

    @property
    def delta(self) -> Fraction | None:
        """Later less earlier."""
        return None if self.early is None or self.late is None else self.late - self.early


def judged(groups: Sequence[Group], metric: Metric, *, each: int = 1) -> Verdict:
    """The direction of a metric; needs four sessions in all, and `each` in either group."""
    n = sum(group.n for group in groups)
    early, late = (_mean(group for group in groups if group.late is half) for half in (False, True))
    fewest = min(sum(group.n for group in groups if group.late is half) for half in (False, True))
    if n < LEAST or fewest < each or early is None or late is None:
        return Verdict(n, "insufficient_data", None, early, late)
    direction = _direction(late - early, metric)
    reason = _not_comparable(groups, direction, metric)
    return Verdict(n, "not_comparable" if reason else direction, reason, early, late)


def trend_of(groups: Sequence[Group], metric: Metric) -> Trend:
    """The trend of a metric from its groups; below four sessions nothing but their number and means."""
    verdict = judged(groups, metric)
    slope, r2 = _line(groups) if verdict.n >= LEAST else (None, None)
    enough = verdict.n >= LEAST
    return Trend(
        n=verdict.n,
        direction=verdict.direction,
        reason=verdict.reason,
        early=rounded(verdict.early) if enough else None,
        late=rounded(verdict.late) if enough else None,
        delta=rounded(verdict.delta) if enough else None,
        threshold=THRESHOLDS[metric],
        slope_per_session=rounded(slope),
        r2=rounded(r2, 4),
        confidence=confidence(verdict.n),
        setups=_setups(groups),
    )


def confidence(n: int) -> Confidence | None:
    """How much a trend over so many sessions is worth."""
    if n < LEAST:
        return None
    return "low" if n < MEDIUM else "medium" if n < HIGH else "high"


def _direction(delta: Fraction, metric: Metric) -> Direction:
    threshold = THRESHOLDS[metric]
    if abs(delta) <= threshold:
        return "stable"
    if metric == "duration":
        return "increasing" if delta > 0 else "decreasing"
    return "improving" if delta > 0 else "declining"


def _not_comparable(groups: Sequence[Group], direction: Direction, metric: Metric) -> Reason | None:
    overlap = _overlap(groups, lambda group: (group.scenario_version, group.device_type))
    if overlap == 1 or (overlap >= _HALF and direction == "stable"):
        return None
    if overlap >= _HALF and _direction(_within(groups), metric) == direction:
        return None
    version = _overlap(groups, lambda group: group.scenario_version) < 1
    device = _overlap(groups, lambda group: group.device_type) < 1
    if version and device:
        return "setup_changed"
    return "device_type_changed" if device else "scenario_version_changed"


def _overlap(groups: Sequence[Group], of: Callable[[Group], object]) -> Fraction:
    counts: dict[object, list[int]] = defaultdict(lambda: [0, 0])
    for group in groups:
        counts[of(group)][group.late] += group.n
    early, late = (sum(count[half] for count in counts.values()) for half in (0, 1))
    return sum((min(Fraction(a, early), Fraction(b, late)) for a, b in counts.values()), Fraction(0))


def _within(groups: Sequence[Group]) -> Fraction:
    """The movement within setups that both groups have."""
    halves: dict[object, dict[bool, Group]] = defaultdict(dict)
    for group in groups:
        halves[group.scenario_version, group.device_type][group.late] = group
    pairs = [(both[False], both[True]) for both in halves.values() if len(both) == 2]
    weight = sum(min(early.n, late.n) for early, late in pairs)
    moved = sum(
        min(early.n, late.n) * (Fraction(late.total) / late.n - Fraction(early.total) / early.n)
        for early, late in pairs
    )
    return Fraction(moved) / weight


def _mean(groups: Iterable[Group]) -> Fraction | None:
    rows = list(groups)
    n = sum(group.n for group in rows)
    return None if n == 0 else Fraction(sum((group.total for group in rows), Decimal(0))) / n


def _line(groups: Sequence[Group]) -> tuple[Fraction | None, Fraction | None]:
    """Slope and r² of least squares on the rank 1…n, as PostgreSQL's `regr_slope` and `regr_r2`, exactly."""
    n = sum(group.n for group in groups)
    total = Fraction(sum((group.total for group in groups), Decimal(0)))
    by_rank = Fraction(sum((group.by_rank for group in groups), Decimal(0)))
    squares = Fraction(sum((group.squares for group in groups), Decimal(0)))
    ranks, rank_squares = Fraction(n * (n + 1), 2), Fraction(n * (n + 1) * (2 * n + 1), 6)
    sxx, sxy = n * rank_squares - ranks**2, n * by_rank - ranks * total
    syy = n * squares - total**2
    return sxy / sxx, Fraction(1) if syy == 0 else sxy**2 / (sxx * syy)


def _setups(groups: Sequence[Group]) -> list[Setup]:
    halves: dict[tuple[str | None, str | None], list[Group]] = defaultdict(list)
    for group in groups:
        halves[group.scenario_version, group.device_type].append(group)
    return [_setup(*names, halves[names]) for names in sorted(halves, key=lambda pair: _sorted(*pair))]


def _sorted(*names: str | None) -> tuple[tuple[bool, str], ...]:
    return tuple((name is not None, name or "") for name in names)


def _setup(version: str | None, device: str | None, groups: Sequence[Group]) -> Setup:
    early = [group for group in groups if not group.late]
    late = [group for group in groups if group.late]
    return Setup(
        scenario_version=version,
        device_type=device,
        n=sum(group.n for group in groups),
        mean=rounded(_mean(groups)) or 0.0,
        early_n=sum(group.n for group in early),
        early=rounded(_mean(early)),
        late_n=sum(group.n for group in late),
        late=rounded(_mean(late)),
    )
