"""Whether a run is worse than the one that was kept, and whether it may pass at all."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from service.monitoring.loadtest.plan import Bounds
from service.monitoring.loadtest.reading import BadPlan, read_text
from service.monitoring.loadtest.result import Endpoint, Result


@dataclass(frozen=True, slots=True)
class Compared:
    """One kind of request then and now, by the p95 of its response times in milliseconds."""

    label: str
    before: float
    after: float
    samples: tuple[int, int]
    skipped: str | None = None
    regressed: bool = False

    @property
    def change(self) -> float:
        """The relative change."""
        return self.after / self.before - 1 if self.before else 0.0

    def __str__(self) -> str:
        if self.skipped is not None:
            return f"{self.label}: not compared, {self.skipped}"
        return f"{self.label}: p95 {self.before:.1f} ms before, {self.after:.1f} ms now ({self.change:+.0%})"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said at the end, and with which exit code."""

    failures: tuple[str, ...] = ()
    compared: tuple[Compared, ...] = field(default=())

    @property
    def exit_code(self) -> int:
        """0 fine, 1 a regression, too many errors, or nothing that could be judged."""
        return 1 if self.failures else 0


def read_baseline(path: Path) -> Result:
    """The result that was kept in a file. Raises `BadPlan`."""
    try:
        return Result.model_validate_json(read_text(path))
    except ValidationError as error:
        entry = error.errors()[0]
        place = ".".join(str(part) for part in entry["loc"])
        raise BadPlan(
            f"{path} is no result of a load test ({place or 'the whole'}: {entry['msg']}); "
            "make one with --save-baseline"
        ) from None


def judge(result: Result, bounds: Bounds, baseline: Result | None = None) -> Verdict:
    """Hold a run against its bounds and, where there is one, against its baseline."""
    failures = list(_errors(result, bounds))
    compared = () if baseline is None else tuple(_compared(result, baseline, bounds))
    failures += [f"slower than the baseline: {entry}" for entry in compared if entry.regressed]
    if baseline is not None and all(entry.skipped for entry in compared):
        # A check that was not made has not been passed.
        failures.append("nothing could be compared with the baseline; measure longer, or save a new one")
    return Verdict(tuple(failures), compared)


def _errors(result: Result, bounds: Bounds) -> Iterator[str]:
    if not result.all.done + result.all.dropped:
        yield "no request was measured"
    elif result.failing_share > bounds.errors:
        words = [f"{count} × {what}" for what, count in result.all.errors.items()]
        words += [f"{result.all.dropped} × dropped"] if result.all.dropped else []
        yield (
            f"{result.failing_share:.2%} of the requests failed, {bounds.errors:.2%} may: {', '.join(words)}"
        )


def _compared(result: Result, baseline: Result, bounds: Bounds) -> Iterator[Compared]:
    then, now = _by_label(baseline), _by_label(result)
    if then.keys() == now.keys():  # all together say something where the mix is the same
        then["all"], now["all"] = baseline.all, result.all
    for label in [*now, *(label for label in then if label not in now)]:
        before, after = then.get(label), now.get(label)
        if before is None or after is None:
            missing = "the baseline does not know it" if before is None else "this run did not ask for it"
            yield Compared(label, 0, 0, (0, 0), skipped=missing)
        else:
            yield _pair(before, after, bounds)


def _by_label(result: Result) -> dict[str, Endpoint]:
    return {endpoint.label: endpoint for endpoint in result.endpoints}


def _pair(before: Endpoint, after: Endpoint, bounds: Bounds) -> Compared:
    then, now = before.response.p95, after.response.p95
    fewest = min(before.samples, after.samples)
    return Compared(
        label=after.label,
        before=then,
        after=now,
        samples=(before.samples, after.samples),
        skipped=f"under {bounds.samples} samples" if fewest < bounds.samples else None,
        regressed=fewest >= bounds.samples
        and now > then * (1 + bounds.tolerance)
        and now > then + bounds.floor_ms,
    )
