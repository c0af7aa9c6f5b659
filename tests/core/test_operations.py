"""Operations: counted by name with their errors and times, in bounded space."""

import threading
from collections.abc import AsyncIterator

import pytest

from service.core.telemetry import OPERATIONS, profiled
from service.core.telemetry.operations import OTHER, Operations


def named(operations: Operations) -> dict[str, tuple[int, int]]:
    """Count and errors by name."""
    return {entry["name"]: (entry["count"], entry["errors"]) for entry in operations.snapshot()}


def test_names_are_bounded_and_nothing_is_lost() -> None:
    operations = Operations(most=3)
    for number in range(10):
        operations.record(f"op{number}", 0.001, failed=number % 2 == 1)
    assert named(operations) == {"op0": (1, 0), "op1": (1, 1), "op2": (1, 0), OTHER: (7, 4)}


def test_figures_are_those_of_what_was_recorded_dearest_first() -> None:
    operations = Operations()
    for seconds in (0.01, 0.02, 0.03):
        operations.record("many", seconds)
    operations.record("dear", 5.0, failed=True)
    dear, many = operations.snapshot()
    assert (dear["name"], dear["total_seconds"], dear["errors"]) == ("dear", 5.0, 1)
    assert many["mean_seconds"] == pytest.approx(0.02)
    assert (many["min_seconds"], many["max_seconds"], many["count"]) == (0.01, 0.03, 3)
    assert many["p95_seconds"] == pytest.approx(0.029, rel=0.1)


def test_threads_lose_no_count() -> None:
    operations = Operations()

    def work() -> None:
        for _ in range(2_000):
            operations.record("shared", 0.001, failed=True)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert named(operations) == {"shared": (8_000, 8_000)}


async def test_a_profiled_function_is_what_it_was_and_each_call_counts() -> None:
    OPERATIONS.clear()

    @profiled("tests.double")
    def double(number: int) -> int:
        """Twice as much."""
        return 2 * number

    @profiled("tests.fail")
    async def fail(*, why: str) -> None:
        raise ValueError(why)

    assert (double(4), double.__name__, double.__doc__) == (8, "double", "Twice as much.")
    with pytest.raises(ValueError, match="because"):
        await fail(why="because")
    assert named(OPERATIONS) == {"tests.double": (1, 0), "tests.fail": (1, 1)}


def test_a_generator_is_refused_where_it_is_declared() -> None:
    async def rows() -> AsyncIterator[int]:
        yield 1

    with pytest.raises(TypeError, match="generator"):
        profiled("tests.rows")(rows)
