"""`muster loadtest` against a server process: the check that CI makes of the service's speed, at a tiny size.

Baselines are doctored, so that the outcome does not depend on how fast this machine is today.
"""

import json
import os
import re
import signal
import sys
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from service.access.keys import create_key
from service.core.database import Database
from tests.cli.conftest import Command, Process, Said
from tests.support.ground import Ground

OPEN = """
warm_up = 0.1
[[stage]]
seconds = 0.6
rate = 100
[[request]]
name = "people"
path = "/v1/attendance/people"
[bounds]
samples = 10
"""
CLOSED = """
model = "closed"
[[stage]]
seconds = 0.6
users = 2
[[request]]
path = "/livez"
[[request]]
path = "/v1/attendance/reports/monthly-sheet"
"""


@dataclass(frozen=True)
class Service:
    """A server process, the environment of commands beside it, and an admin's key."""

    url: str
    key: str
    environment: dict[str, str]


@pytest.fixture(scope="module")
async def service(ground: Ground, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Service]:
    """One server for all of them: starting it is most of what these tests cost."""
    database = Database(url := await ground.clone())
    await database.open()
    made = await create_key(database, "admin", ["admin"])
    await database.close()
    environment = {
        "MUSTER_DATABASE__URL": url,
        "MUSTER_SECRET_KEYS": '["' + "k" * 32 + '"]',
        "MUSTER_HOME": str(tmp_path_factory.mktemp("home")),
        "MUSTER_TASKS__ENABLED": "false",
        "MUSTER_LOG__LEVEL": "WARNING",  # a line for each request would fill a pipe that nobody reads
    }
    process = Process(
        [sys.executable, "-m", "service", "serve", "--port", "0"], {**os.environ, **environment}
    )
    try:
        address = process.until("Muster serves").split()[2].removesuffix("/docs")
        yield Service(address, made.token, environment)
    finally:
        process.kill()
        await ground.drop(url)


@pytest.fixture
def beside(service: Service, capsys: pytest.CaptureFixture[str]) -> Iterator[Command]:
    """Commands beside the server."""
    command = Command(capsys, dict(service.environment))
    yield command
    command.over()


def scaled(result: dict[str, Any], factor: float) -> str:
    """A result whose answers took so many times as long."""
    for endpoint in (*result["endpoints"], result["all"]):
        endpoint["response"] = {name: value * factor for name, value in endpoint["response"].items()}
    return json.dumps(result)


def test_a_run_counts_passes_and_fails_by_its_baseline(
    service: Service, beside: Command, tmp_path: Path
) -> None:
    (tmp_path / "open.toml").write_text(OPEN)
    (tmp_path / "closed.toml").write_text(CLOSED)
    kept, page = tmp_path / "kept.json", tmp_path / "page.html"

    def loadtest(*words: str) -> Said:
        return beside("loadtest", *words, "--url", service.url, MUSTER_KEY=service.key)

    first = loadtest(str(tmp_path / "open.toml"), "--save-baseline", str(kept), "--html", str(page))
    assert first.code == 0, first
    result = json.loads(kept.read_text())
    assert (result["all"]["done"], result["all"]["errors"], result["all"]["dropped"]) == (51, {}, 0)
    assert "people" in first.out
    assert "<svg" in page.read_text()

    slow, fast = tmp_path / "slow.json", tmp_path / "fast.json"
    slow.write_text(scaled(json.loads(kept.read_text()), 1000))
    fast.write_text(scaled(json.loads(kept.read_text()), 0))
    assert loadtest(str(tmp_path / "open.toml"), "--baseline", str(slow)).code == 0
    # Held against answers in no time, with no floor: whatever this machine does, it is slower.
    (tmp_path / "open.toml").write_text(OPEN + "floor_ms = 0\n")
    worse = loadtest(str(tmp_path / "open.toml"), "--baseline", str(fast))
    assert (worse.code, "slower than the baseline: people: p95 0.0 ms before" in worse.err) == (1, True)

    closed = loadtest(str(tmp_path / "closed.toml"), "--json", str(tmp_path / "closed.json"))
    counted = json.loads((tmp_path / "closed.json").read_text())
    assert (closed.code, counted["all"]["errors"], len(counted["endpoints"])) == (0, {}, 2)
    assert counted["all"]["done"] == sum(endpoint["done"] for endpoint in counted["endpoints"]) > 0

    refused = beside("loadtest", str(tmp_path / "open.toml"), "--url", service.url)
    assert (refused.code, "100.00% of the requests failed, 1.00% may" in refused.err) == (1, True)
    assert "status 401" in refused.err or "status 429" in refused.err


def test_every_operation_with_its_example_and_a_key_for_the_run(service: Service, beside: Command) -> None:
    said = beside("loadtest", "--all", "--seconds", "1", MUSTER_PORT=service.url.rpartition(":")[2])
    assert said.code == 0, said
    words = said.err.partition(" GET operations are asked")[0].split()
    asked, every = int(words[-3]), int(words[-1])
    document = json.loads((Path(__file__).parents[2] / "docs" / "openapi.json").read_text())
    assert every == sum("get" in operations for operations in document["paths"].values())
    assert asked == every - said.err.count("left out: ")
    # A key stands for no person, so of the children's desk it may ask next to nothing; and in an empty house
    # there is next to nothing that a path or an explanation could name.
    others = [path for path in document["paths"] if not path.startswith("/v1/children")]
    nameless = [path for path in others if "{" not in path and not path.endswith("/explain")]
    assert asked > sum("get" in document["paths"][path] for path in nameless) * 0.9
    keys = beside("keys", "list").out
    assert "load test" in keys
    assert next(line for line in keys.splitlines() if "load test" in line).rstrip(" │").endswith("revoked")


def test_ctrl_c_stops_it_and_it_says_what_it_found(service: Service, beside: Command, tmp_path: Path) -> None:
    plan, kept = tmp_path / "long.toml", tmp_path / "kept.json"
    plan.write_text(OPEN.replace("0.6", "600").replace("warm_up = 0.1", "").replace("people", "sites"))
    beside.environment["MUSTER_KEY"] = service.key
    process = beside.process("loadtest", str(plan), "--url", service.url, "--json", str(kept))
    with httpx.Client(
        base_url=service.url, timeout=60, headers={"Authorization": f"Bearer {service.key}"}
    ) as client:
        while answered(client, "/v1/attendance/sites") < 20:
            time.sleep(0.05)
    code, _ = process.stop(signal.SIGINT)
    assert (code, "Traceback" in process.said) == (130, False), process.said
    assert "stopped after" in process.said
    result = json.loads(kept.read_text())
    assert result["interrupted"]
    assert result["all"]["done"] > 0


def answered(client: httpx.Client, route: str) -> int:
    """How many requests the server has answered there."""
    counted = re.search(rf'muster_requests_total{{.*route="{route}".*}} (\d+)', client.get("/metrics").text)
    return int(counted[1]) if counted else 0


def test_what_cannot_be_used_is_said_in_a_sentence(muster: Command, tmp_path: Path) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text(OPEN.replace("rate", "rte"))
    good = tmp_path / "good.toml"
    good.write_text(OPEN)
    nobody = "http://127.0.0.1:9"
    for words, code, said in (
        (("loadtest",), 2, "Give either a plan or --all"),
        (
            ("loadtest", str(bad), "--url", nobody),
            2,
            "stage[1].rte: there is no such name; did you mean rate?",
        ),
        (("loadtest", str(good), "--url", "ftp://x"), 2, "base_url is the address of the service"),
        (("loadtest", str(good), "--url", nobody), 1, "The service does not answer"),
        (("loadtest", str(good), "--baseline", str(good), "--url", nobody), 2, "is no result of a load test"),
    ):
        ended = muster(*words)
        assert (ended.code, said in ended.err, "Traceback" in ended.err) == (code, True, False), ended
