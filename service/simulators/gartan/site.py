"""One simulated tenant at work: what happens to a request between its arrival and its answer."""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote

import orjson
from starlette.requests import Request

from service.simulators.gartan.calls import (
    Call,
    Kind,
    Refused,
    read_asked,
    read_call,
    resolution_of,
    wants,
)
from service.simulators.gartan.config import GartanConfig
from service.simulators.gartan.faults import FaultPlan
from service.simulators.gartan.grid import Style, View, draw
from service.simulators.gartan.journal import Entry, Journal
from service.simulators.gartan.pages import LOCKED, REFUSED, display_page, failed, login_page, main_page
from service.simulators.gartan.plan import Plan
from service.simulators.gartan.sessions import BROWSER, TICKET, Accounts, Sessions
from service.simulators.serving.answers import Answer, html, json_answer

_LOGIN: Final = "/Account/Login.aspx"
_MAIN: Final = "/Availability/Schedule/AvailabilityMain1.aspx"
_FORM: Final = "application/x-www-form-urlencoded"


def _wall() -> datetime:
    return datetime.now(UTC)


class Site:
    """Plan, accounts and sessions of one tenant. `plan`, `live` (what the station display shows, where it is
    not the plan), `latency`, `expiry` and `now` may be changed while it runs."""

    def __init__(self, plan: Plan, config: GartanConfig) -> None:
        self.plan, self.config = plan, config
        self.live: Plan | None = None
        self.accounts = Accounts(config.users, config.lock_after)
        self.sessions = Sessions(config.session_calls)
        self.faults, self.requests = FaultPlan(), Journal()
        self.latency, self.expiry = config.latency, config.expiry
        self.now: Callable[[], datetime] = _wall
        self._numbers = itertools.count(1)
        self._dice = random.Random(config.seed)  # noqa: S311
        self._ways: Mapping[Kind, Callable[[Call], Answer]] = {
            "login_form": self._form,
            "login": self._login,
            "start": lambda _call: self._to(_MAIN),
            "main": self._main,
            "grid": self._grid,
            "display": self._display,
        }

    async def answer(self, request: Request) -> Answer:
        """The whole way of one request, noted."""
        self.requests.enter()
        started, status = time.monotonic(), 0
        call = await read_call(request, next(self._numbers), self.config.path)
        call.view = self._view(call)
        rules = self.faults.striking(call)
        try:
            answer = await self.faults.run(rules, call, lambda: self._after_latency(call))
            status = 0 if answer.delivery.manner == "reset" else answer.status
            return answer
        finally:
            labels = tuple(rule.label for rule in rules)
            spent = time.monotonic() - started
            self.requests.leave(
                Entry(
                    call.number, call.kind, call.path, call.day, call.brigade, status, labels, started, spent
                )
            )

    async def _after_latency(self, call: Call) -> Answer:
        latency = self.latency
        seconds = self._dice.uniform(*latency) if isinstance(latency, tuple) else latency
        if seconds > 0:
            await asyncio.sleep(seconds)
        way = self._ways.get(call.kind)
        return way(call) if way else html(404, "<h1>The resource cannot be found.</h1>")

    def _view(self, call: Call) -> View | None:
        """What a grid would show, before faults change it; None where it will be refused."""
        station = self.plan.of_brigade(call.brigade) if call.brigade is not None else None
        if station is None or call.day is None:
            return None
        style = Style(appliances=wants(call.asked, "includeApplianceStatus"))
        return View(station, call.day, 15, self.config.dst, style)

    def _form(self, call: Call, error: str = "", attempts: int = 0) -> Answer:
        browser, hidden = self.sessions.form(call.cookies.get(BROWSER))
        page = html(200, login_page(hidden, error, attempts))
        return page.with_headers([_cookie(BROWSER, browser)])

    def _login(self, call: Call) -> Answer:
        form = call.form
        typed = call.headers.get("content-type", "").startswith(_FORM)
        if not typed or "btnLogin" not in form or not self.sessions.echoed(call.cookies.get(BROWSER), form):
            return html(500, "<h1>Server Error</h1>Validation of viewstate MAC failed.")
        user = form.get("txt_userid", "")
        verdict = self.accounts.judge(user, form.get("txt_pword", ""))
        if verdict != "welcome":
            text = LOCKED if verdict == "locked" else REFUSED
            return self._form(call, text, self.accounts.failures[user])
        return self._to("/Default.aspx").with_headers([_cookie(TICKET, self.sessions.open(user))])

    def _main(self, call: Call) -> Answer:
        session = self.sessions.of(call.cookies.get(TICKET))
        return html(200, main_page(session.user)) if session else self._to_login(call)

    def _grid(self, call: Call) -> Answer:
        if self.sessions.spend(call.cookies.get(TICKET)) is None:
            return self._lost(call)
        if "json" not in call.headers.get("content-type", ""):
            return self._main(call)
        try:
            view = self._asked(call)
        except Refused as refused:
            return failed(refused.kind, str(refused))
        return Answer(200, orjson.dumps({"d": draw(view)}), "application/json; charset=utf-8")

    def _asked(self, call: Call) -> View:
        if read_asked(call.body) is None:
            raise Refused("System.ArgumentException", "Invalid object passed in.")
        for name in ("brigadeId", "bookingDate", "resolution"):
            if name not in call.asked:
                text = f"Invalid web service call, missing value for parameter: '{name}'."
                raise Refused("System.InvalidOperationException", text)
        if call.day is None:
            raise Refused("System.FormatException", "String was not recognized as a valid DateTime.")
        if call.view is None:
            raise Refused("System.NullReferenceException", "Object reference not set to an instance.")
        return call.view.but(resolution=resolution_of(call.asked))

    def _display(self, call: Call) -> Answer:
        if self.sessions.of(call.cookies.get(TICKET)) is None:
            return self._to_login(call)
        older = call.path.lower().startswith("/schedule")
        code = call.query.get("BrigadeID" if older else "id", "")
        shown = [one for one in (self.live or self.plan).stations if one.code == code]
        if not shown:
            return html(404, "<h1>No such station.</h1>")
        return html(200, display_page(shown[0], self.now(), 2 if older else self.config.display))

    def _lost(self, call: Call) -> Answer:
        """A grid without a session, in the form that is in force (spec B.3)."""
        if self.expiry == "json":
            return json_answer({"Message": "Authentication failed."}, 401)
        return self._form(call) if self.expiry == "page" else self._to_login(call)

    def _to_login(self, call: Call) -> Answer:
        back = quote(f"{self.config.path}{call.path}", safe="")
        return self._to(f"{_LOGIN}?ReturnUrl={back}")

    def _to(self, path: str) -> Answer:
        return html(302, "<h2>Object moved</h2>", (("location", f"{self.config.path}{path}"),))


def _cookie(name: str, value: str) -> tuple[str, str]:
    return "set-cookie", f"{name}={value}; path=/; HttpOnly; SameSite=Lax"
