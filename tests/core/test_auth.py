"""What a caller may do and see, and the gate: closed by default, cheap for those it knows."""

from typing import Any, Literal

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from service.core.auth import (
    CLINICAL,
    OPEN_PATHS,
    SCOPES,
    SYSTEM,
    Authentication,
    Caller,
    Credential,
    SiteNotAllowed,
    needs,
    not_signed_in,
    unknown_scopes,
)
from service.core.errors import NotAllowed, RateLimited, ServiceError, Unavailable

scope_sets = st.frozensets(st.sampled_from(sorted(SCOPES)), max_size=4)
site_sets = st.none() | st.frozensets(st.text(max_size=6), max_size=3)


def caller(
    *scopes: str, sites: frozenset[str] | None = None, kind: Literal["key", "session"] = "key"
) -> Caller:
    return Caller(id="key:ab12cd34", name="a key", kind=kind, scopes=frozenset(scopes), sites=sites)


@pytest.mark.parametrize(
    ("has", "may"),
    [
        ((), set()),
        (("attendance:read",), {"attendance:read"}),
        (("attendance:write",), {"attendance:read", "attendance:write"}),
        (("attendance:admin",), {"attendance:read", "attendance:write", "attendance:admin"}),
        (("other:admin",), set()),
    ],
)
def test_a_scope_implies_the_lower_ones_of_its_desk(has: tuple[str, ...], may: set[str]) -> None:
    assert {scope for scope in SCOPES if caller(*has).may(scope)} == may


def test_admin_may_everything_but_see_children() -> None:
    refused = {scope for scope in SCOPES if not caller("admin").may(scope)}
    assert refused == CLINICAL.keys()
    assert all(caller("admin", "notes:read").may(scope) for scope in ("notes:read", "attendance:write"))


@pytest.mark.parametrize("scope", sorted(CLINICAL))
def test_a_clinical_scope_implies_no_other(scope: str) -> None:
    assert {other for other in SCOPES if caller(scope).may(other)} == {scope}


def test_a_missing_scope_is_named() -> None:
    with pytest.raises(NotAllowed, match="needs the scope attendance:write; you have attendance:read") as no:
        caller("attendance:read").require("attendance:read", "attendance:write")
    assert no.value.code == "scope_missing"
    caller("attendance:write").require("attendance:read", "attendance:write")
    SYSTEM.require(*(SCOPES.keys() - CLINICAL.keys()))


def test_an_unknown_scope_comes_with_near_ones() -> None:
    assert unknown_scopes(["attendance:read", "atendance:read"]).keys() == {"atendance:read"}
    assert "attendance:read" in unknown_scopes(["atendance:read"])["atendance:read"]
    with pytest.raises(ValueError, match="is not a scope"):
        needs("attendance:raed")


def test_sites_limit_what_is_asked() -> None:
    limited = caller("attendance:read", sites=frozenset({"Villas", "Centro"}))
    assert limited.sites_for() == {"Villas", "Centro"}
    assert limited.sites_for("Villas") == {"Villas"}
    with pytest.raises(SiteNotAllowed) as refused:
        limited.sites_for("Norte")
    assert (refused.value.status, refused.value.code) == (403, "site_not_allowed")
    assert (refused.value.caller, refused.value.site) == (limited, "Norte")
    assert caller("attendance:read").sites_for() is None
    assert caller("attendance:read").sites_for("Norte") == {"Norte"}
    assert caller("attendance:read", sites=frozenset()).sites_for() == frozenset()


@given(scope_sets, site_sets, scope_sets, site_sets)
def test_q40_visibility_is_equal_exactly_when_rights_and_sites_are(
    scopes: frozenset[str],
    sites: frozenset[str] | None,
    other_scopes: frozenset[str],
    other_sites: frozenset[str] | None,
) -> None:
    one, other = caller(*scopes, sites=sites), caller(*other_scopes, sites=other_sites)
    same = one.granted == other.granted and sites == other_sites
    assert (one.visibility == other.visibility) == same


@given(scope_sets, scope_sets)
def test_equal_visibility_means_equal_rights(scopes: frozenset[str], others: frozenset[str]) -> None:
    one, other = caller(*scopes), caller(*others)
    if one.visibility == other.visibility:
        assert [one.may(scope) for scope in SCOPES] == [other.may(scope) for scope in SCOPES]


def test_visibility_does_not_depend_on_who_it_is() -> None:
    as_key, as_session = caller("admin"), caller("admin", kind="session")
    assert as_key.visibility == as_session.visibility
    assert as_key != as_session


class Port:
    """An authenticator that knows one key and one cookie, and notes what it was asked."""

    def __init__(self) -> None:
        self.looked_up: list[Credential] = []
        self.remembered: dict[tuple[str, bytes], Caller] = {}
        self.failure: ServiceError | None = None

    def recall(self, kind: Literal["key", "session"], header: bytes) -> Caller | None:
        return self.remembered.get((kind, header))

    async def caller(self, credential: Credential) -> Caller | None:
        self.looked_up.append(credential)
        if self.failure is not None:
            raise self.failure
        if credential.header not in (b"Bearer right", b"cookie=right"):
            raise not_signed_in("this key is not known")
        found = caller("admin", kind=credential.kind)
        self.remembered[credential.kind, credential.header] = found
        return found

    async def confirm(self, caller: Caller) -> bool:
        return True

    def forget(self) -> None:
        self.remembered.clear()

    def check_guesses(self, address: str) -> None:
        """Not used by the gate."""

    def count_guess(self, address: str) -> None:
        """Not used by the gate."""


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    known: Caller | None = scope["state"]["caller"]
    await JSONResponse({"kind": known.kind if known else None})(scope, receive, send)


@pytest.fixture
def port() -> Port:
    return Port()


def http(port: Port, **headers: str) -> httpx.AsyncClient:
    app = Authentication(echo, lambda: port)
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app, client=("192.0.2.9", 1)),
        base_url="http://muster.test",
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )


async def test_a_known_credential_costs_one_lookup_and_then_none(port: Port) -> None:
    async with http(port, authorization="Bearer right") as client:
        for _ in range(5):
            assert (await client.get("/v1/x")).json() == {"kind": "key"}
    assert [(c.kind, c.header, c.address) for c in port.looked_up] == [("key", b"Bearer right", "192.0.2.9")]


async def test_nobody_passes_only_to_the_open_paths(port: Port) -> None:
    async with http(port) as client:
        for path in [*sorted(OPEN_PATHS), "/docs/swagger-ui.css"]:
            assert (await client.get(path)).json() == {"kind": None}, path
        for path in ("/", "/v1/x", "/metrics", "/dashboard", "/livez/", "/docsx", "/sign-in/x", "//livez"):
            assert (await client.get(f"http://muster.test{path}")).status_code == 401, path
    assert port.looked_up == []


async def test_a_wrong_credential_closes_the_closed_and_leaves_the_open(port: Port) -> None:
    async with http(port, authorization="Bearer wrong") as client:
        assert (await client.get("/v1/x")).json()["detail"] == "this key is not known"
        assert (await client.get("/health")).json() == {"kind": None}


@pytest.mark.parametrize(
    ("failure", "status"),
    [(RateLimited("slow down", retry_after=7), 429), (Unavailable("no database", retry_after=2), 503)],
)
async def test_failures_of_the_gate_are_problems(port: Port, failure: ServiceError, status: int) -> None:
    port.failure = failure
    async with http(port, authorization="Bearer right", accept="text/html") as client:
        refused = await client.get("/v1/x")
        assert (refused.status_code, refused.headers["retry-after"]) == (
            status,
            failure.headers["Retry-After"],
        )
        assert refused.headers["content-type"] == "application/problem+json"
        assert (await client.get("/health")).json() == {"kind": None}


async def test_probes_never_wait_for_the_database(port: Port) -> None:
    async with http(port, authorization="Bearer right") as client:
        assert (await client.get("/livez")).json() == {"kind": None}
        assert (await client.get("/readyz")).json() == {"kind": None}
    assert port.looked_up == []


async def test_a_key_goes_before_a_cookie(port: Port) -> None:
    async with http(port, authorization="Bearer right", cookie="cookie=right") as client:
        assert (await client.post("/v1/x")).json() == {"kind": "key"}
    async with http(port, authorization="Bearer wrong", cookie="cookie=right") as client:
        assert (await client.get("/v1/x")).status_code == 401


async def test_a_cookie_known_already_is_held_to_its_origin_too(port: Port) -> None:
    async with http(port, cookie="cookie=right") as client:
        assert (await client.get("/v1/x")).json() == {"kind": "session"}
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            assert (await client.request(method, "/v1/x")).status_code == 403
            same = {"Origin": "http://muster.test"}
            assert (await client.request(method, "/v1/x", headers=same)).status_code == 200
    assert len(port.looked_up) == 1


async def test_a_page_asked_for_without_a_credential_leads_to_sign_in(port: Port) -> None:
    async with http(port, accept="text/html,*/*;q=0.8") as client:
        answer = await client.get("/v1/reports/A%2FB%3Fc/sheet?month=2026-10&site=A%26B")
        assert answer.status_code == 303
        to = httpx.URL(answer.headers["location"]).params["to"]
        assert to == "/v1/reports/A%2FB%3Fc/sheet?month=2026-10&site=A%26B"
        assert (await client.post("/v1/x")).status_code == 401
    async with http(port, accept="text/html", authorization="Bearer wrong") as client:
        assert (await client.get("/v1/x")).status_code == 401


async def test_there_is_no_socket_to_talk_to(port: Port) -> None:
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    await Authentication(echo, lambda: port)({"type": "websocket", "path": "/x"}, receive, send)
    assert [message["type"] for message in sent] == ["websocket.close"]


async def test_the_start_of_the_application_passes(port: Port) -> None:
    seen: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["type"])

    async def nothing(*_: Any) -> Any:
        return None

    await Authentication(app, lambda: port)({"type": "lifespan"}, nothing, nothing)
    assert seen == ["lifespan"]


async def test_a_credential_is_not_printed() -> None:
    assert "secret" not in repr(Credential("key", b"Bearer secret", "192.0.2.1"))
