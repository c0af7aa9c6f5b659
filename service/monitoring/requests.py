"""Requests as plain data: each series of route, method and status class with its distribution."""

from collections.abc import Iterator, Sequence
from typing import Any

from service.core.telemetry.metrics import REQUESTS, Series, SeriesKey

Written = list[list[Any]]
"""Route, method, status class, distribution as a list, seconds spent by name, statements by fingerprint."""


def written() -> Written:
    """Every series of this process."""
    return [_line(key, series) for key, series in REQUESTS.all_series()]


def merged(several: Sequence[Written]) -> Written:
    """The series of several processes as one."""
    together: dict[SeriesKey, Series] = {}
    for lines in several:
        for key, series in read(lines):
            if key in together:
                together[key].merge(series)
                together[key].spend(series.spent, series.statements)
            else:
                together[key] = series
    return [_line(key, series) for key, series in together.items()]


def read(lines: Written) -> Iterator[tuple[SeriesKey, Series]]:
    """The series that were written."""
    for route, method, kind, numbers, spent, statements in lines:
        series = Series.from_list(numbers)
        series.spend(spent, statements)
        yield (route, method, kind), series


def _line(key: SeriesKey, series: Series) -> list[Any]:
    return [*key, series.to_list(), series.spent, series.statements]
