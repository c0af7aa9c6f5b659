"""Credentials against the database: looked up once, remembered for less than a second, limited in guesses.

Revocation: a commit announces itself on the channel `muster_access` and every replica forgets at once. Should
that notice be lost, nothing is remembered longer than `REMEMBERED`, so it holds everywhere within a second.
"""

import asyncio
import hmac
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final, Literal, Protocol, TypeVar, cast

import asyncpg
from sqlalchemy.exc import SQLAlchemyError

from service.access import access_tokens, queries, tokens
from service.access.callers import caller_of_key, caller_of_person, claims_of_session, is_still
from service.access.housekeeping import Housekeeping
from service.access.throttle import Throttle, network
from service.core.auth import Authenticator, Caller, Credential, not_signed_in
from service.core.database import Database, ReadConnection
from service.core.errors import RateLimited, Unavailable
from service.core.settings import Settings
from service.core.telemetry import get_logger, happened

REMEMBERED: Final = 0.8
"""Seconds a caller is remembered: one indexed read in 0.8 s is nothing, and revocation stays below 1 s."""
MOST_REMEMBERED: Final = 10_000
LONGEST_HEADER: Final = 4096
LOOKUP_SECONDS: Final = 5.0

_NOBODY = tokens.digest("")  # compared with when there is no such key, so that both ways take the same steps
_DATABASE_FAILURES = (SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError)

Kind = Literal["key", "session"]
T = TypeVar("T")
log = get_logger("service.access")


class HasDatabase(Protocol):
    """What is needed of the runtime."""

    @property
    def database(self) -> Database:
        """The opened database."""

    @property
    def settings(self) -> Settings:
        """The settings: their secret keys verify access tokens."""


@asynccontextmanager
async def open_authenticator(runtime: HasDatabase) -> AsyncIterator[Authenticator]:
    """The authenticator of a process, for `core.runtime.open_runtime`."""
    keys = [key.get_secret_value() for key in runtime.settings.secret_keys]
    authenticator = DatabaseAuthenticator(runtime.database, keys)
    await authenticator.open()
    try:
        yield authenticator
    finally:
        await authenticator.close()


class _Wrong(Exception):
    """The secret fits nothing: counted as a guess."""


class DatabaseAuthenticator:
    """The service's `Authenticator`; open it with the database, close it before."""

    def __init__(
        self,
        database: Database,
        secret_keys: Sequence[str] = (),
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.database = database
        self._secret_keys = secret_keys
        self.housekeeping = Housekeeping(database, on_change=self.forget)
        # A person mistypes a few times; 20 at once and 10 a minute after that find no 256-bit secret.
        self.by_address = Throttle(burst=20, refill=6.0, clock=clock)
        self.by_key = Throttle(burst=20, refill=6.0, clock=clock)
        # A browser left open repeats its old cookie; it is no guess, but it costs a read each time.
        self.by_cookie = Throttle(burst=60, refill=1.0, clock=clock)
        # Five in 15 minutes (children spec E1), and a sixth: that one finds the account locked and is told
        # what the five were told (T80). The seventh is a 429, of an account that there is not as well.
        self.by_account = Throttle(burst=6, refill=180.0, clock=clock)
        # Whoever makes us write: twenty at once, then one a minute; three to one person, then one in 20 min.
        self.letters_from = Throttle(burst=20, refill=60.0, clock=clock)
        self.letters_to = Throttle(burst=3, refill=1200.0, clock=clock)
        self._clock = clock
        self._remembered: dict[Kind, dict[bytes, tuple[Caller, float]]] = {"key": {}, "session": {}}
        self._generation = 0
        self._lookups: dict[bytes, asyncio.Task[Caller]] = {}
        # Secrets (hashed) that were right once: their holder is not locked out by somebody else's guesses.
        self._proven: OrderedDict[bytes, None] = OrderedDict()
        # Cookies (hashed) that nobody is recognised by until rights change: the tabs that repeat them all day
        # cost no read, and do not use up what their neighbours at the same address have.
        self._dead: OrderedDict[bytes, None] = OrderedDict()

    async def open(self) -> None:
        """Begin to hear of changed rights and to note the use of keys."""
        await self.housekeeping.open()

    async def close(self) -> None:
        """Stop, and write down what is noted."""
        await self.housekeeping.close()

    def recall(self, kind: Kind, header: bytes) -> Caller | None:
        """The caller of a header seen within the last `REMEMBERED` seconds."""
        entry = self._remembered[kind].get(header)
        if entry is not None and entry[1] > self._clock():
            return entry[0]
        return None

    def forget(self) -> None:
        """Drop everything remembered; lookups under way are not remembered either, and nobody joins them."""
        self._generation += 1
        self._lookups.clear()
        self._dead.clear()
        for known in self._remembered.values():
            known.clear()

    async def caller(self, credential: Credential) -> Caller | None:
        """See `core.auth.Authenticator.caller`."""
        if len(credential.header) > LONGEST_HEADER:
            raise not_signed_in("the credential is too long to be one of this service")
        find = self._by_key if credential.kind == "key" else self._by_session
        return await find(credential)

    def check_guesses(self, address: str, account: str = "") -> None:
        """See `core.auth.Authenticator.check_guesses`."""
        _hold_back(throttle.wait(name) for throttle, name in self._guessed(address, account))

    def count_guess(self, address: str, account: str = "") -> None:
        """See `core.auth.Authenticator.count_guess`."""
        for throttle, name in self._guessed(address, account):
            throttle.failed(name)

    def count_letter(self, address: str) -> None:
        """See `core.auth.Authenticator.count_letter`."""
        seconds = self.letters_from.failed(network(address))
        if seconds > 0:
            happened("letter", "limited")
            raise RateLimited(
                f"too many requests of this kind; try again in {seconds} s", retry_after=seconds
            )

    def may_write_to(self, account: str) -> bool:
        """See `core.auth.Authenticator.may_write_to`."""
        return self.letters_to.failed(account) == 0

    def _guessed(self, address: str, account: str) -> list[tuple[Throttle, str]]:
        name = network(address)
        guessed = [(self.by_address, name)]
        return [*guessed, (self.by_account, f"{account} {name}")] if account else guessed

    async def confirm(self, caller: Caller) -> bool:
        """See `core.auth.Authenticator.confirm`; of somebody signed in, the key they signed in with."""
        return await _within_time(self._confirmed(caller))

    async def _confirmed(self, caller: Caller) -> bool:
        async with self._primary() as conn:
            if caller.id.startswith("person:"):
                return is_still(caller, await queries.select_person(conn, caller.person or 0))
            row = await queries.select_bearer(conn, caller.id.removeprefix("key:"))
        if row is None or row.state != "active":
            return False
        return caller_of_key("key", row).visibility == caller.visibility

    async def _by_key(self, credential: Credential) -> Caller:
        text = tokens.bearer(credential.header)
        if text is None:
            raise not_signed_in("only `Authorization: Bearer …` is understood")
        if text.count(".") == 2:
            return await self._by_access_token(credential, text)
        token = tokens.read_key(text)
        proof = tokens.digest(text)
        guesses = self._counted(credential, token)
        if proof not in self._proven:
            _hold_back(throttle.wait(name) for throttle, name in guesses)
        try:
            caller = await self._once(credential, proof, self._key(token))
        except _Wrong:
            _hold_back([throttle.failed(name) for throttle, name in guesses])
            happened("sign_in", "wrong")
            raise not_signed_in("this key is not known; check that it was copied whole") from None
        _keep(self._proven, proof)
        return caller

    async def _by_access_token(self, credential: Credential, text: str) -> Caller:
        # One that is signed is no guess: its holder is not held back for what others at this address tried.
        guesses = self._counted(credential, None)
        try:
            claims = access_tokens.read(self._secret_keys, text)
        except access_tokens.BadToken as bad:
            if bad.expired:
                raise not_signed_in(
                    "this access token has expired; refresh it", code="token_expired"
                ) from None
            _hold_back([throttle.failed(name) for throttle, name in guesses])
            happened("sign_in", "wrong")
            raise not_signed_in("this is no access token of this service", code="token_invalid") from None
        return await self._once(credential, tokens.digest(text), self._person(claims))

    async def _person(self, claims: access_tokens.Claims) -> Caller:
        async with self._primary() as conn:
            row = await queries.select_person(conn, claims.person, claims.family)
        return caller_of_person("token", row, claims)

    async def _by_session(self, credential: Credential) -> Caller | None:
        secret = tokens.session_secret(credential.header)
        name = network(credential.address)
        proof = None if secret is None else tokens.digest(secret)
        if proof is None or proof in self._dead or self.by_cookie.wait(name):
            return None
        generation = self._generation
        try:
            return await self._once(credential, proof, self._session(proof))
        except _Wrong:
            self.by_cookie.failed(name)
            if generation == self._generation:
                _keep(self._dead, proof)
            return None

    async def _key(self, token: tokens.KeyToken | None) -> Caller:
        if token is None:
            raise _Wrong
        async with self._primary() as conn:
            row = await queries.select_bearer(conn, token.id)
        expected = _NOBODY if row is None else row.secret_hash
        right = hmac.compare_digest(tokens.digest(token.secret), expected)
        if row is None or not right:
            raise _Wrong
        if row.state == "revoked":
            raise not_signed_in("this key has been revoked; ask an admin for a new one")
        if row.state == "expired":
            raise not_signed_in("this key has expired; ask an admin for a new one")
        return self._seen("key", row)

    async def _session(self, token_hash: bytes) -> Caller:
        async with self._primary() as conn:
            row = await queries.select_session(conn, token_hash)
            if row is not None and row.user_id is not None:
                person = await queries.select_person(conn, row.user_id)
                return caller_of_person("session", person, claims_of_session(row))
        if row is None or row.state != "active":
            raise _Wrong
        return self._seen("session", row)

    @asynccontextmanager
    async def _primary(self) -> AsyncIterator[ReadConnection]:
        # Never a streaming replica: how far it is behind is how long a revoked key would live on.
        engine = self.database.engine.execution_options(isolation_level="AUTOCOMMIT")
        async with engine.connect() as conn:
            yield cast(ReadConnection, conn)

    def _seen(self, kind: Kind, row: Any) -> Caller:
        self.housekeeping.note_use(row.id)
        return caller_of_key(kind, row)

    async def _once(
        self, credential: Credential, proof: bytes, lookup: Coroutine[Any, Any, Caller]
    ) -> Caller:
        """One lookup for all who show the same secret at once; one of them leaving stops nobody else's."""
        task = self._lookups.get(proof)
        if task is None:
            finding = self._found(credential, lookup, self._generation, self._clock())
            task = self._lookups[proof] = asyncio.create_task(finding)
            task.add_done_callback(lambda done: self._looked_up(proof, done))
        else:
            lookup.close()
        return await asyncio.shield(task)

    async def _found(
        self, credential: Credential, lookup: Coroutine[Any, Any, Caller], generation: int, since: float
    ) -> Caller:
        """What a lookup gives, remembered from when it began: what it read may have changed since."""
        caller = await _within_time(lookup)
        if generation == self._generation:
            self._remember(credential, caller, since + REMEMBERED)
        return caller

    def _looked_up(self, proof: bytes, task: asyncio.Task[Caller]) -> None:
        if self._lookups.get(proof) is task:
            del self._lookups[proof]
        if not task.cancelled():
            task.exception()  # everybody who waited may have left

    def _remember(self, credential: Credential, caller: Caller, until: float) -> None:
        known = self._remembered[credential.kind]
        if len(known) >= MOST_REMEMBERED:
            known.clear()  # they would have lived for 0.8 s at most
        known[credential.header] = (caller, until)

    def _counted(self, credential: Credential, token: tokens.KeyToken | None) -> list[tuple[Throttle, str]]:
        """The buckets a wrong secret is counted in; a socket without addresses has only that of the key."""
        counted = [(self.by_address, network(credential.address))]
        if token is not None:
            counted.append((self.by_key, token.id))
        return [(throttle, name) for throttle, name in counted if name]


def _keep(known: OrderedDict[bytes, None], proof: bytes) -> None:
    """Remember a secret's hash; of more than there is room for the least recent goes."""
    known[proof] = None
    known.move_to_end(proof)
    if len(known) > MOST_REMEMBERED:
        known.popitem(last=False)


async def _within_time(lookup: Coroutine[Any, Any, T]) -> T:
    try:
        async with asyncio.timeout(LOOKUP_SECONDS):
            return await lookup
    except _DATABASE_FAILURES as error:
        log.warning("a credential could not be looked up", error=type(error).__name__)
        raise Unavailable("the database does not answer, so nobody can be recognised now") from error


def _hold_back(waits: Iterable[int]) -> None:
    seconds = max(waits, default=0)
    if seconds > 0:
        happened("sign_in", "limited")
        raise RateLimited(
            f"too many wrong credentials; try again in {seconds} s", retry_after=seconds, code="guess_limited"
        )
