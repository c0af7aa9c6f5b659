"""The families of the demo: made up once; three of their people can sign in."""

import json
import secrets
import string
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import text

from service.access import audit
from service.access.passwords import hashed
from service.children.queries.scopes import of_writings
from service.children.rules.sealed import seal_list, seal_text
from service.cli.family_reports import written
from service.cli.words import out, say
from service.core.auth import SYSTEM
from service.core.runtime import Runtime, write_privately
from service.core.sealing import Sealer
from service.simulators.families import ADMIN, PARENT, PROFESSIONAL, Plan, Sealing, settle

PEOPLE: Final = {PARENT: "a parent", PROFESSIONAL: "a professional", ADMIN: "an admin"}
LONGEST: Final = 600
"""Seconds that 4,000 children with 400,000 sessions may take to write; measured: 38."""
_LETTERS: Final = string.ascii_letters + string.digits
_PASSWORD = text("""
    UPDATE muster.auth_users SET hashed_password = :hash, token_version = token_version + 1
    WHERE email = :email
""")
_WITHOUT = text("SELECT email FROM muster.auth_users WHERE email = ANY(:emails) AND hashed_password IS NULL")


async def settle_families(runtime: Runtime, folder: Path, children: int) -> Mapping[str, str]:
    """Make up families where there are none yet; the passwords of those who can sign in, by e-mail."""
    policy = runtime.settings.children.policy_version
    plan = Plan(until=datetime.now(UTC).replace(microsecond=0), children=children, policy=policy)
    async with runtime.database.write(timeout=LONGEST) as conn:
        made = await settle(conn, plan, sealing_of(Sealer.of(runtime.settings)))
        if made is not None:
            await audit.record(conn, SYSTEM, "demo.families_made", "children")
            await runtime.versions.raise_in(conn, [of_writings(await written(conn, plan))])
    if made is not None:
        counted = f"{made.children:,} children and {made.sessions:,} sessions of play"
        say(f"made up {made.families:,} families with {counted}")
    return await _passwords(runtime, folder / "people.json")


def sealing_of(sealer: Sealer) -> Sealing:
    """What seals made-up texts as the children's desk does, so that it opens them."""
    return Sealing(
        phone=lambda child_id, number: seal_text(sealer, child_id, "phone", number),
        medications=lambda child_id, entries: seal_list(sealer, child_id, "medications", entries),
    )


def tell_people(passwords: Mapping[str, str], url: str, outbox: Path) -> None:
    """Who can sign in, in the terminal and nowhere else, and where the mails are that people get."""
    out.print(f"People of the children's desk, to sign in at {url}/sign-in:", markup=False)
    for email, who in PEOPLE.items():
        out.print(f"  {who:<16}{email:<32}{passwords[email]}", markup=False)
    out.print("Mails to people are files of:", markup=False)
    out.print(f"  {outbox}\n", markup=False, soft_wrap=True)


async def _passwords(runtime: Runtime, path: Path) -> Mapping[str, str]:
    """The same at each start: kept in a file of the home that nobody else can read."""
    fresh, kept = _kept(path)
    async with runtime.database.write() as conn:
        without = set((await conn.execute(_WITHOUT, {"emails": list(PEOPLE)})).scalars())
        for email in PEOPLE if fresh else without:
            await conn.execute(
                _PASSWORD, {"email": email, "hash": await hashed(runtime.compute, kept[email])}
            )
    return kept


def _kept(path: Path) -> tuple[bool, dict[str, str]]:
    fresh = not path.exists()
    if fresh:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_privately(path, json.dumps({email: _password() for email in PEOPLE}))
    return fresh, json.loads(path.read_text())


def _password() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(16))
