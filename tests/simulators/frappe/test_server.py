"""The server around the site: ports, threads, and the command that serves until interrupted."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from datetime import date
from pathlib import Path

import httpx
import pytest

from service.simulators.frappe import FrappeServer, PortTakenError, Simulation, Store, run_simulator
from service.simulators.frappe.run import fill

ROOT = Path(__file__).parents[3]


async def test_two_sites_beside_each_other(store: Store) -> None:
    before = set(threading.enumerate())
    async with FrappeServer(store) as one, FrappeServer(store) as two:
        assert one.url != two.url
        async with httpx.AsyncClient(timeout=60) as client:
            for server in (one, two):
                assert (await client.get(f"{server.url}/api/method/ping")).json() == {"message": "pong"}
    assert not [t for t in set(threading.enumerate()) - before if t.name == "frappe-site"]


async def test_a_taken_port_is_one_clear_sentence(store: Store) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PortTakenError, match=f"port {port} on 127.0.0.1 cannot be used"):
            await FrappeServer(store, port=port).start()
        with pytest.raises(PortTakenError):
            run_simulator(Simulation(port=port))


def test_a_kept_file_is_used_again(tmp_path: Path) -> None:
    simulation = Simulation(file=tmp_path / "site.sqlite", people=5, days=5, until=date(2026, 3, 31))
    lines = []
    for _ in range(2):
        store = Store(simulation.file, zone=simulation.zone)
        lines.append(fill(store, simulation))
        store.close()
    assert lines[0].endswith("of 5 people, 5 days up to 2026-03-31")
    assert lines[1].endswith("of 5 people, from before")


def test_an_unknown_profile_or_folder_is_refused_before_serving(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="v99"):
        run_simulator(Simulation(port=0, profile="v99"))
    with pytest.raises(ValueError, match="no such folder"):
        run_simulator(Simulation(port=0, data=tmp_path / "nowhere"))


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_the_command_serves_until_interrupted(how: signal.Signals, tmp_path: Path) -> None:
    code = (
        "from service.simulators.frappe import Simulation, run_simulator\n"
        "run_simulator(Simulation(port=0, people=3, days=3, key='a:b'), lambda line: print(line, flush=True))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)},
    )
    assert process.stdout
    with process, process.stdout:
        made, place = process.stdout.readline(), process.stdout.readline()
        assert "3 people, 3 days up to" in made
        found = re.search(r"Frappe HR v15 on (http://127\.0\.0\.1:\d+), times in America/Mexico_City", place)
        assert found
        assert process.stdout.readline() == "It knows the API key 'a' with the secret 'b'\n"
        headers = {"Authorization": "token a:b"}
        answer = httpx.get(f"{found[1]}/api/resource/Employee", headers=headers)
        assert len(answer.json()["data"]) == 3
        process.send_signal(how)
        assert process.wait(timeout=20) == 0
    assert list(tmp_path.iterdir()) == []
