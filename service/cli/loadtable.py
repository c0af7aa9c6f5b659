"""How the result of a load test reads on a terminal."""

from collections.abc import Iterator

from rich.box import SIMPLE_HEAD
from rich.table import Table

from service.cli.words import out, say, tabled
from service.monitoring.loadtest.comparing import Verdict
from service.monitoring.loadtest.result import Endpoint, Result


def tell_result(result: Result, verdict: Verdict) -> None:
    """The table, what was compared, and why it did not pass."""
    tabled().print(_table(result))
    if result.interrupted:
        out.print(f"stopped after {result.seconds:.1f} s; {result.cut_short} requests were given up")
    for line in _comparison(verdict):
        out.print(line, markup=False)
    refused = result.all.refused
    if refused.max:
        out.print(f"failures came after {refused.p50:,.1f} ms (p50), {refused.p95:,.1f} ms (p95)")
    generator = result.generator
    late = f"its loop {generator.lag_p99_ms:.1f} ms late (p99)"
    out.print(f"load generator: {generator.cpu_share:.0%} of a core, {late}")
    if result.limited is not None:
        say(f"The load generator was the limit ({result.limited}): the service may be faster than this.")
    say(*verdict.failures)


def _comparison(verdict: Verdict) -> Iterator[str]:
    """A line for each that was compared, and one for each reason that others were not."""
    reasons: dict[str, list[str]] = {}
    for entry in verdict.compared:
        if entry.skipped is None:
            yield f"  {entry}"
        else:
            reasons.setdefault(entry.skipped, []).append(entry.label)
    for reason, labels in reasons.items():
        yield f"  not compared, {reason}: {', '.join(labels)}"


def _table(result: Result) -> Table:
    table = Table(
        "request", title=f"{result.name}: {result.model} model, {result.seconds:.1f} s", box=SIMPLE_HEAD
    )
    for name in ("answers", "a second", "mean", "p50", "p95", "p99", "max", "service p95", "failed"):
        table.add_column(name, justify="right")
    for endpoint in (*result.endpoints, result.all):
        if endpoint is result.all:
            table.add_section()
        table.add_row(endpoint.label, *_cells(endpoint))
    table.caption = (
        "response times in ms, from the moment a request was meant to start; service: from sending"
    )
    return table


def _cells(endpoint: Endpoint) -> list[str]:
    response = endpoint.response
    times = (response.mean, response.p50, response.p95, response.p99, response.max, endpoint.service.p95)
    shown = [f"{value:,.1f}" if endpoint.samples else "–" for value in times]
    return [f"{endpoint.done:,}", f"{endpoint.rate:,.1f}", *shown, _failed(endpoint)]


def _failed(endpoint: Endpoint) -> str:
    words = [f"{count} × {what}" for what, count in endpoint.errors.items()]
    words += [f"{endpoint.dropped} × dropped"] if endpoint.dropped else []
    return ", ".join(words) or "0"
