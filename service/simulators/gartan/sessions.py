"""Accounts, forms and sessions: who may sign in, which fields must come back, what a cookie is worth."""

from __future__ import annotations

import secrets
from collections import Counter, OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

BROWSER: Final = "ASP.NET_SessionId"
TICKET: Final = ".ASPXAUTH"
_KEPT: Final = 1000  # forms and sessions remembered at most: a demo may run for weeks

Verdict = Literal["welcome", "refused", "locked"]


class Accounts:
    """Users and their passwords; an account is locked after so many failures in a row, until `unlock`."""

    def __init__(self, users: Mapping[str, str], lock_after: int) -> None:
        self.users, self.lock_after = dict(users), lock_after
        self.failures: Counter[str] = Counter()

    def judge(self, user: str, password: str) -> Verdict:
        """What a sign-in comes to; a locked account refuses the right password too."""
        if self.failures[user] >= self.lock_after:
            return "locked"
        if self.users.get(user) != password or not user:
            self.failures[user] += 1
            return "locked" if self.failures[user] >= self.lock_after else "refused"
        del self.failures[user]
        return "welcome"

    def locked(self, user: str) -> bool:
        """Whether an account is locked."""
        return self.failures[user] >= self.lock_after

    def unlock(self, user: str) -> None:
        """Open it again."""
        del self.failures[user]


@dataclass(slots=True)
class Session:
    """One signed-in browser; `left` are the grids it may still ask for, None without end."""

    user: str
    left: int | None = None


class Sessions:
    """Forms that were given out and sessions that live."""

    def __init__(self, calls: int | None = None) -> None:
        self.calls = calls
        self._forms: OrderedDict[str, dict[str, str]] = OrderedDict()
        self._live: OrderedDict[str, Session] = OrderedDict()
        self._until: int | None = None
        self._number = 0

    def form(self, browser: str | None) -> tuple[str, dict[str, str]]:
        """A new form for a browser, known by its cookie: the hidden fields that must come back with it."""
        known = browser or secrets.token_hex(12)
        self._number += 1
        self._forms[known] = hidden = {
            "__EVENTTARGET": "",
            "__EVENTARGUMENT": "",
            "__VIEWSTATE": f"SIM-STATE-{self._number}",
            "__VIEWSTATEGENERATOR": "SIMGEN01",
            "__EVENTVALIDATION": f"SIM-VALID-{self._number}",
        }
        _forget_oldest(self._forms)
        return known, hidden

    def echoed(self, browser: str | None, form: Mapping[str, str]) -> bool:
        """Whether a posted form has the hidden fields of the form that this browser was given."""
        hidden = self._forms.get(browser or "")
        return hidden is not None and all(form.get(name) == value for name, value in hidden.items())

    def open(self, user: str) -> str:
        """A new session; answers its ticket."""
        ticket = secrets.token_hex(16)
        self._live[ticket] = Session(user, self.calls)
        _forget_oldest(self._live)
        return ticket

    def of(self, ticket: str | None) -> Session | None:
        """The session of a ticket, while it lives."""
        return self._live.get(ticket or "")

    def spend(self, ticket: str | None) -> Session | None:
        """The same for a grid, which counts towards the session's end."""
        if self._until == 0:
            self.end_all()
        session = self.of(ticket)
        if session is None:
            return None
        if session.left == 0:
            self._live.pop(ticket or "")
            return None
        session.left = None if session.left is None else session.left - 1
        self._until = None if self._until is None else self._until - 1
        return session

    def end_all(self) -> None:
        """Every session ends now; new ones live on."""
        self._live.clear()
        self._until = None

    def end_after(self, grids: int) -> None:
        """Every session ends, once, after so many more grids of any of them."""
        self._until = grids


def _forget_oldest(kept: OrderedDict[str, dict[str, str]] | OrderedDict[str, Session]) -> None:
    while len(kept) > _KEPT:
        kept.popitem(last=False)
