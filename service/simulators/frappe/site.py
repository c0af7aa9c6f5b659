"""One simulated site at work: what happens to a request between its arrival and its answer."""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from collections.abc import Mapping

from starlette.requests import Request

from service.simulators.frappe.answers import not_allowed
from service.simulators.frappe.auth import caller, cookies
from service.simulators.frappe.calls import Call, api_version, read_call
from service.simulators.frappe.config import FrappeConfig
from service.simulators.frappe.failures import Failure, no_such_path, server_error
from service.simulators.frappe.faults import FaultPlan
from service.simulators.frappe.filters import Dialect
from service.simulators.frappe.journal import RequestLog, entry_of
from service.simulators.frappe.methods import call_method
from service.simulators.frappe.profiles import profile_named
from service.simulators.frappe.ratelimit import RateLimiter
from service.simulators.frappe.resources import counted, document_route
from service.simulators.frappe.store import Store
from service.simulators.serving.answers import Answer, html, json_answer


class Site:
    """Rows, rules and behaviour of one site. `faults` and `requests` are for tests; `latency` may be changed
    live."""

    def __init__(self, store: Store, config: FrappeConfig) -> None:
        self.store, self.config = store, config
        self.profile = profile_named(config.profile)
        self.faults = FaultPlan()
        self.requests = RequestLog()
        self.latency = config.latency
        self.limiter = RateLimiter(config.rate_limit, self.profile)
        self._numbers = itertools.count(1)
        self._dice = random.Random(config.seed)  # noqa: S311
        self._workers: asyncio.Semaphore | None = None

    def dialect(self) -> Dialect:
        """How filters read dates today."""
        return Dialect(self.profile.between_whole_days, self.store.clock.local().date())

    async def answer(self, request: Request) -> Answer:
        """The whole way of one request, logged."""
        started = time.monotonic()
        self.requests.enter()
        call = await read_call(request, next(self._numbers))
        rules = self.faults.striking(call)
        answer = Answer(0, b"")
        try:
            async with self._worker():
                answer = await self.faults.run(rules, call, lambda: self._after_latency(call))
        finally:
            self.requests.leave()
            status = 0 if answer.delivery.manner == "reset" else answer.status
            labels = tuple(rule.label for rule in rules)
            seconds = time.monotonic() - started
            self.requests.add(entry_of(call, status, answer.rows, labels, started, seconds))
        return answer

    def _worker(self) -> asyncio.Semaphore:
        """A place among the site's workers; made here because it belongs to the server's event loop."""
        if self._workers is None:
            self._workers = asyncio.Semaphore(self.config.workers or 1_000_000)
        return self._workers

    def forget_loop(self) -> None:
        """The server stopped: what belongs to its event loop is made anew by the next one."""
        self._workers = None

    async def _after_latency(self, call: Call) -> Answer:
        latency = self.latency
        seconds = self._dice.uniform(*latency) if isinstance(latency, tuple) else latency
        if seconds > 0:
            await asyncio.sleep(seconds)
        return self.respond(call)

    def respond(self, call: Call) -> Answer:
        """The site's own answer, with rate limit and cookies, faults and latency aside."""
        refusal = self.limiter.refuse()
        if refusal:
            failure, headers = refusal
            return self._dressed(self._refusal(call, failure).with_headers(headers))
        begun = time.perf_counter()
        self.store.release_due()
        try:
            answer = self._routed(call)
        except Failure as failure:
            answer = self._refusal(call, failure)
        except RecursionError:
            answer = self._refusal(call, server_error("RecursionError", "maximum recursion depth exceeded"))
        self.limiter.charge(time.perf_counter() - begun)
        return self._dressed(answer)

    def _routed(self, call: Call) -> Answer:
        key = caller(call.headers, self.config.keys)
        call.user = key.user
        version = api_version(call.path)
        if call.kind == "other":
            return html(404, "<!DOCTYPE html>\n<html><body><h1>Page not found</h1></body></html>")
        if call.kind == "api" or (version and not self._speaks(version)):
            raise no_such_path()
        if call.kind == "method":
            allowed = call.method in {"GET", "POST", "HEAD"}
            return call_method(self, call, key) if allowed else not_allowed("POST, HEAD, GET")
        if call.kind == "count":
            return json_answer({"data": counted(self, call, key, call.params)})
        if call.kind in {"list", "document"}:
            return document_route(self, call, key)
        raise no_such_path()

    def _speaks(self, version: int) -> bool:
        return version in self.profile.api_versions and (version != 2 or self.config.v2)

    def _refusal(self, call: Call, failure: Failure) -> Answer:
        tracebacks = self.config.tracebacks
        body = failure.v2_body(tracebacks) if call.v2 else failure.body(tracebacks)
        return Answer(failure.status, body)

    def _dressed(self, answer: Answer) -> Answer:
        """The headers of every answer; a refused credential also ends the session of its cookie."""
        sent = self.limiter.headers()
        if self.config.cookies:
            sent += cookies(authenticated=answer.status != 401)
        return answer.with_headers(sent)

    def wire_headers(self) -> Mapping[str, str]:
        headers = {"server": "gunicorn"}
        return headers | {"connection": "close"} if self.config.connection_close else headers
