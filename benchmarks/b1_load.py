"""What asks in B1: blocking connections that cost the server nothing, and the CPU time of its process."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CONNECTIONS = 8
ROUNDS = int(os.environ.get("B1_ROUNDS", "40"))


@dataclass
class Target:
    """One server behind one port; `form` ends the path of the bare function's requests."""

    name: str
    pid: int
    port: int
    key: str
    ours: bool = True
    suffix: str = ""

    def request(self, size: int, form: str, etag: str = "") -> bytes:
        """The request's bytes: the bare function knows the form by the path, ours by the headers."""
        path = f"/v1/benchmark/{size}" if self.ours else f"/{size}/{form}{self.suffix}"
        lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", "Accept: application/json"]
        lines += ["User-Agent: b1", "Accept-Encoding: " + ("gzip" if form == "gzip" else "identity")]
        lines += [f"Authorization: Bearer {self.key}"]
        if form == "304":
            lines.append(f"If-None-Match: {etag}")
        return "\r\n".join([*lines, "", ""]).encode()


def cpu_seconds(pid: int) -> float:
    """CPU time of all threads of a process, to the nanosecond."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9


class Connection:
    """A blocking keep-alive connection that reads whole answers."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def read(self) -> tuple[bytes, bytes]:
        """Head and body of the next answer."""
        received = b""
        while b"\r\n\r\n" not in received:
            received += self.received()
        head, _, body = received.partition(b"\r\n\r\n")
        marker = head.lower().find(b"content-length:")
        missing = int(head[marker + 15 :].split(b"\r\n")[0]) - len(body) if marker >= 0 else 0
        pieces = [body]
        while missing > 0:
            pieces.append(self.received())
            missing -= len(pieces[-1])
        return head, b"".join(pieces)

    def received(self) -> bytes:
        """What came next."""
        piece = self.socket.recv(262_144)
        if not piece:
            raise ConnectionError("the server closed the connection")
        return piece


class Load:
    """Eight connections to one target, all asked, then all read."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.connections = [Connection(target.port) for _ in range(CONNECTIONS)]

    def once(self, request: bytes) -> tuple[bytes, bytes]:
        """One answer."""
        self.connections[0].socket.sendall(request)
        return self.connections[0].read()

    def slice(self, request: bytes) -> float:
        """CPU microseconds per request over one slice."""
        started = cpu_seconds(self.target.pid)
        for _ in range(ROUNDS):
            for connection in self.connections:
                connection.socket.sendall(request)
            for connection in self.connections:
                connection.read()
        return (cpu_seconds(self.target.pid) - started) * 1e6 / (ROUNDS * CONNECTIONS)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, process: "subprocess.Popen[str]") -> None:
    """Until a server listens, 30 s at most."""
    for _ in range(600):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        time.sleep(0.05)
    raise TimeoutError(f"nobody listens on {port}")


@contextlib.contextmanager
def child(role: str, *words: str) -> "Iterator[subprocess.Popen[str]]":
    """A server process."""
    arguments = [sys.executable, "-m", "benchmarks.b1_servers", role, *words]
    process = subprocess.Popen(
        arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=30)
