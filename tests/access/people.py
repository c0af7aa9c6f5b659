"""People of tests of access: made, signed in, written to; and what they ask."""

import email
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import policy
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import text

from service.access import passwords
from service.access.families import SignedIn, open_family
from service.access.throttle import Throttle
from tests.access.ground import House, open_house

PASSWORD = "correct horse battery"
_NUMBERS = count(1)


@cache
def hashed() -> str:
    """The hash of `PASSWORD`, made once."""
    return passwords._HASHES.hash(PASSWORD)


@dataclass(slots=True)
class Town:
    """A replica, its outbox, and a network address of each test's own: guesses are counted by address."""

    house: House
    outbox: Path
    address: str = field(default_factory=lambda: f"198.51.100.{next(_NUMBERS) % 250}")

    def http(self, token: str | None = None, **headers: str) -> httpx.AsyncClient:
        """A program, as somebody or nobody."""
        return self.house.http(token, address=self.address, headers=headers)

    async def ask(
        self,
        method: str,
        path: str,
        *,
        as_: str | None = None,
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> httpx.Response:
        """One request; `path` after `/v1/access`."""
        async with self.http(as_, **(headers or {})) as http:
            return await http.request(method, f"/v1/access{path}", **more)

    async def sql(self, statement: str, **params: Any) -> Any:
        """Rows of a statement, committed."""
        async with self.house.runtime.database.write() as conn:
            result = await conn.execute(text(statement), params)
            return result.all() if result.returns_rows else None

    async def person(
        self, name: str = "", *, role: str = "parent", status: str = "active"
    ) -> tuple[int, str]:
        """Somebody with `PASSWORD`: number and address."""
        address = f"{name or 'someone'}{next(_NUMBERS)}@example.org"
        [(number,)] = await self.sql(
            "INSERT INTO muster.auth_users (email, hashed_password, first_name, last_name, role, status, is_verified)"
            " VALUES (:email, :kept, 'Ann', 'Tester', :role, :status, :status = 'active') RETURNING id",
            email=address,
            kept=hashed(),
            role=role,
            status=status,
        )
        return number, address

    def rested(self) -> None:
        """As after a pause that is long enough for every limit of signing in."""
        gate = self.house.authenticator
        gate.by_account = Throttle(burst=gate.by_account.burst, refill=gate.by_account.refill)

    async def sign_in(self, email: str, password: str = PASSWORD, **more: str) -> httpx.Response:
        """The form of OAuth2."""
        return await self.ask("POST", "/token", data={"username": email, "password": password, **more})

    async def signed_in(self, email: str, password: str = PASSWORD, **more: str) -> dict[str, Any]:
        """The tokens."""
        answer = await self.sign_in(email, password, **more)
        assert answer.status_code == 200, answer.text
        tokens: dict[str, Any] = answer.json()
        return tokens

    async def tokens(self, number: int, scopes: list[str] | None = None) -> dict[str, Any]:
        """The tokens of a sign-in, without the time that a password takes."""
        async with self.house.runtime.database.write() as conn:
            [(version,)] = (
                await conn.execute(
                    text("SELECT token_version FROM muster.auth_users WHERE id = :id"), {"id": number}
                )
            ).all()
            who = SignedIn(number, version)
            return (await open_family(conn, self.house.runtime.settings, who, scopes)).model_dump()

    async def is_in(self, token: str) -> bool:
        """Whether an access token opens anything."""
        return (await self.ask("GET", "/me", as_=token)).status_code == 200

    async def audited(self, number: int) -> list[tuple[str, str | None]]:
        """What is on record about a person, in order, and why it was refused."""
        rows = await self.sql(
            "SELECT what, deny_code FROM muster.audit WHERE subject = :subject ORDER BY id",
            subject=f"person:{number}",
        )
        return [tuple(row) for row in rows]

    def letters(self, to: str) -> list[Any]:
        """The mails to an address, in no order."""
        read = [
            email.message_from_bytes(path.read_bytes(), policy=policy.default)
            for path in self.outbox.glob("*.eml")
        ]
        return [one for one in read if one["To"] == to]

    def token_for(self, to: str, page: str = "") -> str:
        """The token of the one mail to an address (that leads to `page`)."""
        texts = [one.get_content() for one in self.letters(to)]
        [found] = [
            match[2]
            for one in texts
            if (match := re.search(r"(/sign-in/\w+)\?token=([\w-]{43})\s", one)) and page in match[1]
        ]
        return str(found)


@asynccontextmanager
async def open_town(database_url: str, home: Path, **more: Any) -> AsyncIterator[Town]:
    """A replica without a mail server."""
    async with open_house(database_url, home=home, **more) as house:
        yield Town(house, home / "outbox")
