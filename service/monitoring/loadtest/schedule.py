"""When requests shall start and which they are: pure, and the same for the same seed."""

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any
from urllib.parse import quote

from service.monitoring.loadtest.plan import PLACE, Plan, RequestPlan, Scalar, Stage


@dataclass(frozen=True, slots=True)
class Call:
    """One request as it is sent; `label` is what it is counted under."""

    label: str
    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    body: Any = None
    expect: frozenset[int] = frozenset()

    def is_expected(self, status: int) -> bool:
        """Whether an answer of this status is no error."""
        return status in self.expect if self.expect else status < 400


def arrivals(plan: Plan) -> Iterator[float]:
    """Seconds after the beginning at which a request is due, in order.

    A unit-rate process in the time Λ(t) = ∫ rate, mapped back by the inverse of Λ: evenly spaced, or with
    exponential distances (a Poisson process, also where the rate changes; Cinlar's inversion).
    """
    drawn = random.Random(f"{plan.seed} arrivals")  # noqa: S311  repeatable, hides nothing
    poisson = plan.arrivals == "poisson"
    passed, due = 0.0, drawn.expovariate(1.0) if poisson else 1.0
    for begun, stage in _placed(plan.stage):
        in_stage = (stage.begin + stage.end) / 2 * stage.seconds
        while due <= passed + in_stage + 1e-9:
            yield begun + _after(stage, due - passed)
            due += drawn.expovariate(1.0) if poisson else 1.0
        passed += in_stage


def _after(stage: Stage, expected: float) -> float:
    """Seconds into a stage until so many requests are due: the root of begin·t + slope·t² / 2 = expected."""
    slope = (stage.end - stage.begin) / stage.seconds
    if abs(slope) < 1e-12:
        return min(expected / stage.begin, stage.seconds)
    inside = max(0.0, stage.begin**2 + 2 * slope * expected)
    return min((math.sqrt(inside) - stage.begin) / slope, stage.seconds)


def users(plan: Plan) -> Iterator[tuple[float, int]]:
    """How many users there are from which second on; the last entry is the end, with none."""
    now = -1
    for begun, stage in _placed(plan.stage):
        first, last = round(stage.begin), round(stage.end)
        step = 1 if last >= first else -1
        for number in range(first, last + step, step):
            share = 0.0 if first == last else abs(number - first) / abs(last - first)
            if number != now:
                now = number
                yield begun + share * stage.seconds, number
    yield plan.seconds, 0


def _placed(stages: Sequence[Stage]) -> Iterator[tuple[float, Stage]]:
    begun = 0.0
    for stage in stages:
        yield begun, stage
        begun += stage.seconds


class Mix:
    """Draws requests by their weights and values by chance; `who` makes a user's own sequence."""

    def __init__(self, plan: Plan, who: object = "") -> None:
        self._drawn = random.Random(f"{plan.seed} mix {who}")  # noqa: S311  repeatable, hides nothing
        self._think = plan.think
        self._requests = plan.request
        self._weights = list(accumulate(request.weight for request in plan.request))

    def next(self) -> Call:
        """The next request."""
        request = self._drawn.choices(self._requests, cum_weights=self._weights)[0]
        return Call(
            label=request.label,
            method=request.method,
            path=self._path(request),
            query=tuple((name, _text(self._one(given))) for name, given in sorted(request.query.items())),
            headers=tuple(request.headers.items()),
            body=request.body,
            expect=frozenset(request.expect),
        )

    def think(self) -> float:
        """Seconds until this user's next request: exponential around the plan's mean."""
        return self._drawn.expovariate(1 / self._think) if self._think else 0.0

    def _path(self, request: RequestPlan) -> str:
        if not request.values:
            return request.path
        return PLACE.sub(
            lambda found: quote(_text(self._one(request.values[found[1]])), safe=""), request.path
        )

    def _one(self, given: Scalar | list[Scalar]) -> Scalar:
        return self._drawn.choice(given) if isinstance(given, list) else given


def _text(value: Scalar) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
