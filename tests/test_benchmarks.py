"""The benchmarks run: each at a tiny size, as `make bench` runs them, and says what it measured."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).parent.parent
AGREE = "rows that differ from the statement's: 0.00"
TINY = {
    "b0": (
        {"B0_PEOPLE": "80", "B0_DAYS": "28", "B0_HINTED": "2", "B0_POLLED": "0"},
        ["by the webhook hint: p95"],
    ),
    "b1": ({"B1_SLICES": "1", "B1_ROUNDS": "2"}, ["1 KB plain, app / bare", "100 KB 304, app / bare"]),
    "b2": ({"B2_PEOPLE": "20", "B2_ROUNDS": "1"}, ["sheet / copy", "time / people"]),
    "b3": ({"B3_ROWS": "3000", "B3_LATENCIES": "0"}, ["memory growth", "slower half / ours"]),
    "b5": (
        {"B5_STATIONS": "2", "B5_ROUNDS": "2", "B5_GROWTH": "1,2"},
        [
            "rows that differ: 0.00",
            "state / plain SQL",
            "forecast, p95",
            "a day applied, p95",
            "hours: last / first",
        ],
    ),
    "b7": (
        {
            "B7_SQL": "0",
            "B7_ORDERS": "20,40",
            "B7_LINES": "500",
            "B7_ROUNDS": "1",
            "B7_SECONDS": "0.05",
            "B7_SCALE": "0.005",
        },
        [
            "forms that differ: 0.00",
            "row loop over frames / ours",
            "merge of frames / ours",
            "G.3, weekly balances",
            "round the clock",
            "two shifts",
        ],
    ),
    "b8": (
        {"B8_PEOPLE": "20", "B8_ROUNDS": "1", "B8_SECONDS": "1"},
        ["CPU an answer, on / off", "memory, on / off"],
    ),
    "b9": (
        {
            "B9_PART": "20",
            "B9_PLANS": "2",
            "B9_ROUNDS": "2",
            "B9_FILES": "tiny",
            "B9_CSV_ROWS": "2000",
            "B9_XLSX_ROWS": "200",
        },
        [
            "set S, by the clock",
            "set M, memory",
            "plan, time / work",
            "recipes with validation",
            "reading .xlsx",
        ],
    ),
    "ingest": (
        {"INGEST_SESSIONS": "200", "INGEST_STOCK": "500", "INGEST_ROUNDS": "1"},
        ["batches / inserts", "parity / lean"],
    ),
    "grid": (
        {"GRID_PEOPLE": "5", "GRID_ROUNDS": "2", "GRID_SECONDS": "0.2"},
        ["parse, median", "latest tick"],
    ),
    "load": (
        {"LOAD_PEOPLE": "20", "LOAD_SECONDS": "3", "LOAD_OVERLOAD": "2", "LOAD_SOAK": "6"},
        ["goodput / capacity", "memory slope"],
    ),
    "b4": ({"B4_PEOPLE": "20", "B4_ROUNDS": "1"}, ["recompute / one statement", AGREE, "time / people"]),
    "b10": (
        {"B10_STATIONS": "1", "B10_ROUNDS": "1"},
        [
            "by indexes",
            "by prepared statements",
            "round trips",
            "throughput by batches",
            "90 % hits",
            "255 x",
        ],
    ),
    "mill-claims": (
        {"CLAIMS_PART": "100", "CLAIMS_ROUNDS": "1", "CLAIMS_SECONDS": "0.1"},
        ["claimed 5 x, yarn", "join: answers that differ: 0.00", "claimed 10 x, aggregation"],
    ),
    "mill-tables": (
        {"MILL_SIZES": "100", "MILL_ROUNDS": "1", "MILL_SECONDS": "0.1", "MILL_FRAME": "3000"},
        [
            "answers that differ: 0.00",
            "claimed 100 x, planning balance",
            "claimed 50 x, text",
            "claimed 93.8 %",
            "mixed: values that differ: 0.00",
        ],
    ),
    "statements": (
        {"STATEMENT_SLICES": "1", "STATEMENT_CALLS": "5"},
        ["SELECT with statistics / without"],
    ),
}


def run(*names: str, **sizes: str) -> subprocess.CompletedProcess[str]:
    """The command, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "benchmarks", *names],
        cwd=HOUSE,
        env={**os.environ, **sizes},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


# They start several processes, or take 7 s and more each whatever the size: `make prove` has them.
SLOW = {"b0", "b1", "b2", "b3", "b4", "b5", "b8", "b9", "b10", "ingest", "load", "mill-claims", "statements"}
NAMES = [pytest.param(name, marks=pytest.mark.prove) if name in SLOW else name for name in TINY]


@pytest.mark.parametrize("name", NAMES)
def test_t102_a_benchmark_runs_and_holds_its_figures_against_its_goals(name: str) -> None:
    sizes, judged = TINY[name]
    done = run(name, **sizes)
    assert done.returncode == 0, done.stderr
    machine, *_ = done.stdout.splitlines()
    assert "cores, Python 3" in machine
    assert "PostgreSQL" in machine
    goals = done.stdout.partition("\nGoals")[2]
    for what in judged:
        assert what in goals


def test_an_unknown_name_is_refused_with_those_there_are() -> None:
    done = run("b99")
    assert done.returncode == 2
    assert (
        done.stderr
        == "no benchmark is called b99; there are b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, b10, crew-reports, "
        "grid, ingest, load, mill-claims, mill-tables, statements\n"
    )
