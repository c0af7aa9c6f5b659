"""What a run found, as it is kept in a file: the JSON report and the baseline are the same document."""

from datetime import datetime
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from service.monitoring.loadtest.plan import Plan
from service.monitoring.loadtest.statistics import Histogram, Measurements, Tally

LAG_MS: Final = 20.0
LAG_SHARE: Final = 0.2
"""From both on (share of p95), the generator's own delays are much of what it measures."""
CPU_SHARE: Final = 0.9


class Part(BaseModel):
    """A part of a result."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Latency(Part):
    """Milliseconds; percentiles are right to half a percent. All zero where there was no answer."""

    mean: float = 0
    p50: float = 0
    p90: float = 0
    p95: float = 0
    p99: float = 0
    max: float = 0

    @classmethod
    def of(cls, histogram: Histogram) -> "Latency":
        """The figures of a histogram."""
        if not histogram.count:
            return cls()
        figures = {f"p{round(share * 100)}": histogram.percentile(share) for share in (0.5, 0.9, 0.95, 0.99)}
        figures |= {"mean": histogram.sum / histogram.count, "max": histogram.greatest}
        return cls(**{name: round(seconds * 1000, 3) for name, seconds in figures.items()})


class Endpoint(Part):
    """One kind of request, or all of them.

    `response` from the intended start (what a caller waits), `service` from the moment of sending. `samples`
    stand behind both: expected answers and time-outs. `refused`: how long the other failures took. `rate` in
    answers a second, errors left out.
    """

    label: str
    done: int
    samples: int
    dropped: int
    errors: dict[str, int]
    rate: float
    bytes: int
    response: Latency
    service: Latency
    refused: Latency

    @property
    def failed(self) -> int:
        """Answers that were none."""
        return sum(self.errors.values())


class Span(Part):
    """A span of the timeline, `second` after the beginning; rates a second."""

    second: float
    rate: float
    errors: float
    dropped: float
    p95_ms: float


class Column(Part):
    """Response times from and to some milliseconds."""

    from_ms: float
    to_ms: float
    count: int


class Generator(Part):
    """How the load generator itself fared: share of one core, delays of its own loop and of its starts."""

    cpu_share: float
    lag_p99_ms: float
    late_p99_ms: float


class Result(Part):
    """A whole run."""

    format: Literal["muster-loadtest/1"] = "muster-loadtest/1"
    name: str
    url: str
    model: Literal["open", "closed"]
    started_at: datetime
    seconds: float
    warm_up: float
    interrupted: bool
    cut_short: int
    all: Endpoint
    endpoints: list[Endpoint]
    timeline: list[Span]
    histogram: list[Column]
    generator: Generator

    @property
    def limited(self) -> str | None:
        """Why the figures are the load generator's and not the service's; None when they are not."""
        generator, p95 = self.generator, self.all.response.p95
        if generator.cpu_share >= CPU_SHARE:
            return f"it used {generator.cpu_share:.0%} of a core"
        for delay, what in ((generator.lag_p99_ms, "its loop"), (generator.late_p99_ms, "its starts")):
            if delay >= max(LAG_MS, LAG_SHARE * p95):
                return f"{what} came {delay:.0f} ms late (p99)"
        return None

    @property
    def failing_share(self) -> float:
        """The share of the requests that failed or could not be started."""
        return (self.all.failed + self.all.dropped) / max(1, self.all.done + self.all.dropped)


def result_of(
    plan: Plan,
    measured: Measurements,
    generator: Generator,
    *,
    url: str,
    started_at: datetime,
    seconds: float,
    interrupted: bool,
) -> Result:
    """The result of what was measured in so many seconds, warm-up included."""
    counted = max(seconds - plan.warm_up, 1e-9)
    labels = [request.label for request in plan.request]
    tallies = {label: measured.tally(label) for label in labels}
    whole = _together(list(tallies.values()))
    return Result(
        name=plan.name,
        url=url,
        model=plan.model,
        started_at=started_at,
        seconds=round(seconds, 3),
        warm_up=plan.warm_up,
        interrupted=interrupted,
        cut_short=measured.cut_short,
        all=_endpoint("all", whole, counted),
        endpoints=[_endpoint(label, tally, counted) for label, tally in tallies.items()],
        timeline=_timeline(measured),
        histogram=[
            Column(from_ms=begin * 1000, to_ms=end * 1000, count=count)
            for begin, end, count in whole.response.columns()
        ],
        generator=generator,
    )


def _endpoint(label: str, tally: Tally, seconds: float) -> Endpoint:
    return Endpoint(
        label=label,
        done=tally.done,
        samples=tally.response.count,
        dropped=tally.dropped,
        errors=dict(tally.errors.most_common()),
        rate=round((tally.done - tally.errors.total()) / seconds, 3),
        bytes=tally.bytes,
        response=Latency.of(tally.response),
        service=Latency.of(tally.service),
        refused=Latency.of(tally.refused),
    )


def _together(tallies: list[Tally]) -> Tally:
    whole = Tally()
    for tally in tallies:
        whole.response.merge(tally.response)
        whole.service.merge(tally.service)
        whole.refused.merge(tally.refused)
        whole.errors += tally.errors
        whole.done += tally.done
        whole.dropped += tally.dropped
        whole.bytes += tally.bytes
    return whole


def _timeline(measured: Measurements) -> list[Span]:
    if not measured.slots:
        return []
    spans = []
    for number in range(min(measured.slots), max(measured.slots) + 1):
        slot = measured.slots.get(number)
        if slot is None:
            spans.append(Span(second=number * measured.span, rate=0, errors=0, dropped=0, p95_ms=0))
            continue
        per_second = (slot.done - slot.errors, slot.errors, slot.dropped)
        rate, errors, dropped = (round(count / measured.span, 3) for count in per_second)
        p95 = round(slot.response.percentile(0.95) * 1000, 3)
        second = number * measured.span
        spans.append(Span(second=second, rate=rate, errors=errors, dropped=dropped, p95_ms=p95))
    return spans
