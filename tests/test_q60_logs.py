"""Q60, T110: whatever is logged at the lowest level holds no secret, no body and nobody's name."""

import json
import re
import subprocess
import sys
from typing import Any

import pytest

from tests.support.owners import ROOT

SECRETS = {
    "a key": re.compile(r"mst_[0-9A-Za-z]{8}_[0-9A-Za-z_-]{20,}"),
    "a password in an address": re.compile(r"://[^/@\s:\"]+:[^/@\s…\"]+@"),
    "a credential": re.compile(r"(?i)\b(?:bearer|basic|token) +[A-Za-z0-9+/=:_-]{8,}"),
    "a one-use link": re.compile(r"[?&]link=[^…\s\"]"),
}


@pytest.fixture
def written(database_url: str) -> tuple[list[dict[str, Any]], list[str]]:
    """Every line of the day, and what none of them may hold."""
    command = [sys.executable, "-m", "tests.scanned_process", database_url]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=200, check=False)
    assert ended.returncode == 0, ended.stderr[-3000:]
    return [json.loads(line) for line in ended.stderr.splitlines()], json.loads(ended.stdout)


def test_q60_t110_no_line_holds_a_secret_a_body_or_a_name(
    written: tuple[list[dict[str, Any]], list[str]],
) -> None:
    lines, forbidden = written
    whole = [json.dumps(line, ensure_ascii=False) for line in lines]
    assert len(forbidden) > 10
    assert [(word, line) for word in forbidden for line in whole if word in line] == []
    assert [(kind, line) for kind, form in SECRETS.items() for line in whole if form.search(line)] == []
    # The scan saw what it is about: requests, statements, upstream calls, a run, failures with their traces.
    modules = {line["module"] for line in lines}
    assert {"service.request", "service.sql", "service.core.tasks.carrying"} <= modules
    assert any("exception" in line for line in lines)
    assert any(line.get("correlation_id") == "the-day" for line in lines)
    runs = [line for line in lines if line["event"] == "run_ended"]
    jobs = {
        "attendance.sync",
        "attendance.recompute",
        "children.copy",
        "children.erasure",
        "crew.sync",
        "crew.warn",
    }
    assert {line["job"] for line in runs} >= jobs
    of_run = {line["module"] for line in lines if line.get("request_id") == runs[0]["request_id"]}
    assert "service.sql" in of_run
    assert {"DEBUG", "INFO", "WARNING", "ERROR"} <= {line["level"].upper() for line in lines}
