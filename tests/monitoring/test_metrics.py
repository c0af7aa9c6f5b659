"""Series of several processes as one."""

import itertools

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.parser import text_string_to_metric_families

from service.monitoring.metrics import plain

SECONDS = (0.1, 0.2, 0.3, 33.46, 1e-7, 12345.678901)


def told(seconds: float) -> list[plain.Family]:
    registry = CollectorRegistry()
    Counter("busy_seconds", "x", registry=registry).inc(seconds)
    Histogram("took", "x", buckets=(1.0,), registry=registry).observe(seconds)
    Gauge("muster_loop_lag_seconds", "x", registry=registry).set(seconds)
    Gauge("open", "x", registry=registry).set(seconds)
    return plain.written(registry.collect())


def test_sums_are_the_same_to_the_last_bit_whoever_is_gone_first() -> None:
    """A counter that falls by one bit is a restart to Prometheus."""
    parts = [plain.without_gauges(told(seconds)) for seconds in SECONDS]
    whole = plain.text(plain.merged(parts))
    for order in itertools.islice(itertools.permutations(parts), 0, 720, 7):
        gone = plain.merged([plain.merged(order[:2]), order[2]])
        assert sorted(plain.text(plain.merged([gone, *order[3:]])).splitlines()) == sorted(whole.splitlines())


def test_counts_add_up_and_gauges_as_is_right_for_each() -> None:
    text = plain.text(plain.merged([told(0.5), told(2.0)])).decode()
    found = {
        (sample.name, sample.labels.get("le")): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert found["busy_seconds_total", None] == 2.5
    assert (found["took_bucket", "1.0"], found["took_bucket", "+Inf"], found["took_sum", None]) == (1, 2, 2.5)
    assert (found["muster_loop_lag_seconds", None], found["open", None]) == (2.0, 2.5)
    assert not any(name.endswith("_created") for name, _ in found)
