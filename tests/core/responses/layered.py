"""A small application behind the layers it has in production, its callers and its clock."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal

import httpx
from fastapi import FastAPI, Request, Response
from starlette.responses import StreamingResponse
from starlette.types import ASGIApp

from service.core.auth import Authentication, Caller, Credential
from service.core.responses import CacheEntry, ResponseCache, Responses
from service.core.telemetry import Telemetry
from service.core.versions import Versions, token
from tests.core.building import Clock

SCOPE = "attendance/2026-10"


PATH = "/v1/attendance/reports/sheet"


JSON = "application/json"


CALLERS = {
    b"all": Caller(id="key:a", name="a", kind="key", scopes=frozenset({"admin"})),
    b"same": Caller(id="key:b", name="b", kind="key", scopes=frozenset({"admin"})),
    b"villas": Caller(
        id="key:v", name="v", kind="key", scopes=frozenset({"attendance:read"}), sites=frozenset({"Villas"})
    ),
    b"centro": Caller(
        id="key:c", name="c", kind="key", scopes=frozenset({"attendance:read"}), sites=frozenset({"Centro"})
    ),
}


class Doorman:
    """Fills the port of the authentication: the credential is the caller's word."""

    def recall(self, kind: Literal["key", "session"], header: bytes) -> Caller | None:
        return CALLERS.get(header)

    async def caller(self, credential: Credential) -> Caller | None:
        return CALLERS.get(credential.header)

    async def confirm(self, caller: Caller) -> bool:
        return caller in CALLERS.values()

    def forget(self) -> None:
        """It remembers nothing."""

    def check_guesses(self, address: str) -> None:
        """Everybody may guess."""

    def count_guess(self, address: str) -> None:
        """Nobody counts."""


@dataclass
class House:
    """A small application behind the layers it has in production, and what its routes were told to do."""

    versions: Versions
    clock: Clock = field(default_factory=Clock)
    calls: int = 0
    size: int = 3_000
    entry: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 200
    pieces: int = 1
    opens: bool = True

    def __post_init__(self) -> None:
        self.responses = Responses(1_000, 4_000_000, versions=self.versions, clock=self.clock)
        self.app = layered(self.application(), self.responses)

    def application(self) -> FastAPI:
        app = FastAPI()
        app.get("/livez")(self.report)
        app.get(PATH)(self.report)
        app.get("/v1/attendance/people/{person}")(self.report)
        app.post(PATH)(self.report)
        return app

    async def report(self, request: Request) -> Response:
        """What a report route does: builds, and says that its answer may be kept."""
        self.calls += 1
        headers = self.headers
        caller = request.state.caller
        visibility = caller.visibility if caller else "nobody"
        if self.opens:
            known = self.versions.known([SCOPE])
            given: dict[str, Any] = {"scopes": (SCOPE,), "versions": known, "ttl": timedelta(minutes=1)}
            given |= {"visibility": visibility} | self.entry
            request.state.cache_entry = CacheEntry(**given)
            headers = {"data-version": token(given["versions"])} | self.headers
        sites = sorted(caller.sites) if caller and caller.sites else "all"
        body = f'{{"sites": "{sites}", "call": {self.calls}, "pad": "{"x" * self.size}"}}'.encode()
        if self.pieces > 1:
            return StreamingResponse(
                self.cut(body), status_code=self.status, media_type=JSON, headers=headers
            )
        return Response(body, status_code=self.status, media_type=JSON, headers=headers)

    async def cut(self, body: bytes) -> AsyncIterator[bytes]:
        step = -(-len(body) // self.pieces)
        for start in range(0, len(body), step):
            yield body[start : start + step]


def layered(app: ASGIApp, responses: Responses) -> ASGIApp:
    """The layers in the order of the architecture."""
    return Telemetry(Authentication(ResponseCache(app, responses), Doorman))


def client(app: ASGIApp, who: str = "all", **headers: str) -> httpx.AsyncClient:
    """An HTTP client of one caller."""
    sent = {"authorization": who, "accept-encoding": "identity"} | headers
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://muster", headers=sent)
