"""The life of an embedded cluster in a home directory: take, clear, make, start; stop, give back."""

import contextlib
import os
import secrets
import shutil
from pathlib import Path

import asyncpg

from service.core.embedded.accounts import server_account
from service.core.embedded.binaries import installation_for
from service.core.embedded.cluster import Cluster, initialise, make_socket_directory
from service.core.embedded.errors import EmbeddedError
from service.core.embedded.orphans import end_orphans
from service.core.embedded.ownership import Ownership
from service.core.embedded.server import Server

DATABASE = ROLE = "muster"
LOG_BYTES = 1_000_000


class EmbeddedPostgres:
    """PostgreSQL 18 beside the service, for who has no server.

    Data live in ``<home>/postgres/data`` and survive restarts. It listens on a private socket only,
    asks for a password, and stops with its owner, also when the owner is killed. One owner at a time.
    """

    def __init__(self, *, fast: bool = False) -> None:
        """With ``fast`` nothing survives a crash of the machine: for tests only."""
        self._fast = fast
        self._ownership: Ownership | None = None
        self._server: Server | None = None
        self.url: str | None = None

    async def start(self, home: Path) -> str:
        """Start the cluster of this home, made on first use, and return its URL.

        The URL (``postgresql+asyncpg://…``) leads to the database ``muster`` as the role ``muster``,
        which owns it, may create databases and read statistics, and is no superuser.
        Raises :class:`HomeInUse` or :class:`EmbeddedError`, each one sentence.
        """
        if self.url is not None:
            return self.url
        try:
            self.url = await self._started(home)
        except OSError as error:
            await self.stop()
            raise EmbeddedError(
                f"The embedded PostgreSQL cannot use {home}: {error.strerror or error} "
                f"({error.filename or home}); choose another MUSTER_HOME."
            ) from error
        except BaseException:
            await self.stop()
            raise
        return self.url

    async def stop(self) -> None:
        """Stop the server, then let the next owner in. Twice is fine."""
        server, self._server = self._server, None
        ownership, self._ownership = self._ownership, None
        self.url = None
        try:
            if server is not None:
                await server.stop()
                shutil.rmtree(server.sockets, ignore_errors=True)
        finally:
            if ownership is not None:
                ownership.release()

    async def _started(self, home: Path) -> str:
        place = _prepare(home)
        ownership = Ownership(place)
        ownership.take()
        self._ownership = ownership
        _remove_old_sockets(place)
        await end_orphans(place / "data")
        server = self._server = await self._made(place)
        _turn_log(place / "server.log")
        await server.start()
        password = _password(place)
        await _ensure_database(server, password)
        url = _url(password, server.sockets)
        _write_private(place / "url", url)
        return url

    async def _made(self, place: Path) -> Server:
        account = server_account(place / "data")
        prefix = installation_for(account)
        cluster = Cluster(prefix, place / "data", place / "server.log", account, self._fast)
        sockets = make_socket_directory(account)
        _write_private(place / "sockets", str(sockets))
        password = _password(place)
        try:
            if not (cluster.data / "PG_VERSION").exists():
                await initialise(cluster, password, sockets)
        except BaseException:
            shutil.rmtree(sockets, ignore_errors=True)
            raise
        return Server(cluster, sockets, password)


async def running_url(home: Path) -> str | None:
    """The URL of the server that another process runs in this home, proved by connecting; else None."""
    try:
        url = _absolute(home).joinpath("postgres", "url").read_text(encoding="utf-8")
        connection = await asyncpg.connect(url.replace("+asyncpg", ""), timeout=5)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
        return None
    await connection.close()
    return url


def _prepare(home: Path) -> Path:
    """Directories of ours; as root passable for the server's account, otherwise for nobody."""
    home = _absolute(home)
    mode = 0o711 if os.geteuid() == 0 else 0o700
    home.mkdir(mode=mode, parents=True, exist_ok=True)
    place = home / "postgres"
    place.mkdir(mode=mode, exist_ok=True)
    return place


def _absolute(home: Path) -> Path:
    """Without a change of the working directory in between able to move it."""
    return home.expanduser().absolute()


def _remove_old_sockets(place: Path) -> None:
    """Take away what a killed owner left in the temporary directory."""
    with contextlib.suppress(FileNotFoundError):
        old = Path((place / "sockets").read_text(encoding="utf-8"))
        if old.name.startswith("muster-"):
            shutil.rmtree(old, ignore_errors=True)


def _password(place: Path) -> str:
    path = place / "password"
    if not path.exists():
        _write_private(path, secrets.token_urlsafe(32))
    return path.read_text(encoding="utf-8")


def _write_private(path: Path, text: str) -> None:
    """Readable by the owner only from the first byte; whole or not at all."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(
        os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def _turn_log(log: Path) -> None:
    if log.exists() and log.stat().st_size > LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))


async def _ensure_database(server: Server, password: str) -> None:
    connection = await server.connect()
    try:
        if not await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", ROLE):
            # Our own token of letters, digits, - and _: nothing in it needs quoting.
            await connection.execute(
                f"CREATE ROLE {ROLE} LOGIN CREATEDB IN ROLE pg_monitor PASSWORD '{password}'"
            )
        if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", DATABASE):
            await connection.execute(f"CREATE DATABASE {DATABASE} OWNER {ROLE}")
    finally:
        await connection.close()


def _url(password: str, sockets: Path) -> str:
    return f"postgresql+asyncpg://{ROLE}:{password}@/{DATABASE}?host={sockets}&port=5432"
