"""One request as the site sees it, and what it asks of GetSchedule in either syntax."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from http.cookies import SimpleCookie
from typing import Final, Literal
from urllib.parse import parse_qsl

import orjson
from starlette.requests import Request

from service.simulators.gartan.grid import View
from service.simulators.gartan.layout import RESOLUTIONS

Kind = Literal["login_form", "login", "main", "grid", "display", "start", "other"]
_KINDS: Final[Mapping[tuple[str, str], Kind]] = {
    ("GET", "/account/login.aspx"): "login_form",
    ("POST", "/account/login.aspx"): "login",
    ("GET", "/"): "start",
    ("GET", "/default.aspx"): "start",
    ("GET", "/availability/schedule/availabilitymain1.aspx"): "main",
    ("POST", "/availability/schedule/availabilitymain1.aspx/getschedule"): "grid",
    ("GET", "/stationdisplay.aspx"): "display",
    ("GET", "/scheduledisplay.aspx"): "display",
}
_DATE: Final = re.compile(r"\d{2}/\d{2}/\d{4}")
_MEMBER: Final = re.compile(
    r"""\s*(?:(?P<key>[A-Za-z_]\w*)|'(?P<sq>[^'\\]*)'|"(?P<dq>[^"\\]*)")\s*:\s*"""
    r"""(?:(?P<bare>-?\d+(?:\.\d+)?|true|false|null)|'(?P<s>(?:[^'\\]|\\.)*)'|"(?P<d>(?:[^"\\]|\\.)*)")\s*"""
)


class Refused(Exception):
    """What the page method raises: `kind` as .NET names it."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


@dataclass(slots=True)
class Call:
    """A request: `number` counts all of the site from 1. `day` and `brigade` are what a grid is asked of;
    `view` is what will be drawn, for faults to change."""

    number: int
    method: str
    path: str
    kind: Kind
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes
    asked: Mapping[str, object] = field(default_factory=dict)
    day: date | None = None
    brigade: int | None = None
    view: View | None = None

    @property
    def cookies(self) -> dict[str, str]:
        """Those the browser sent."""
        return {name: one.value for name, one in SimpleCookie(self.headers.get("cookie", "")).items()}

    @property
    def form(self) -> dict[str, str]:
        """The values of a posted form."""
        return dict(parse_qsl(self.body.decode(errors="replace"), keep_blank_values=True))


async def read_call(request: Request, number: int, prefix: str) -> Call:
    """Parse a request; a path outside the known ones is of kind `other`. Names of pages know no case."""
    path = request.url.path.removeprefix(prefix) if prefix else request.url.path
    kind = _KINDS.get((request.method, path.lower()), "other")
    query = dict(request.query_params)
    call = Call(number, request.method, path, kind, request.headers, query, await request.body())
    if kind == "grid":
        call.asked = read_asked(call.body) or {}
        call.day, call.brigade = day_of(call.asked), number_of(call.asked.get("brigadeId"))
    return call


def read_asked(body: bytes) -> dict[str, object] | None:
    """The parameters of a page method: strict JSON, or a script's literal with bare keys and single quotes
    (spec A.2). None where it is neither."""
    try:
        given = orjson.loads(body)
    except orjson.JSONDecodeError:
        return _literal(body.decode(errors="replace").strip())
    return given if isinstance(given, dict) else None


def day_of(asked: Mapping[str, object]) -> date | None:
    """`bookingDate` as dd/mm/yyyy, else None."""
    text = asked.get("bookingDate")
    if not isinstance(text, str) or not _DATE.fullmatch(text):
        return None
    try:
        return datetime.strptime(text, "%d/%m/%Y").date()  # noqa: DTZ007
    except ValueError:
        return None


def number_of(value: object) -> int | None:
    """A whole number, also as text."""
    return int(value) if isinstance(value, int | str) and re.fullmatch(r"\d{1,9}", str(value)) else None


def resolution_of(asked: Mapping[str, object]) -> int:
    """The minutes of a slot that are asked for."""
    minutes = number_of(asked.get("resolution"))
    if minutes not in RESOLUTIONS:
        raise Refused("System.ArgumentException", "Resolution is not supported.")
    return minutes


def wants(asked: Mapping[str, object], name: str) -> bool:
    """A switch, which travels as text."""
    return str(asked.get(name, "true")).lower() == "true"


def _literal(text: str) -> dict[str, object] | None:
    if not (text.startswith("{") and text.endswith("}")):
        return None
    found: dict[str, object] = {}
    at, end = 1, len(text) - 1
    while at < end:
        member = _MEMBER.match(text, at, end)
        if member is None or (member.end() < end and text[member.end()] != ","):
            return None
        found[member["key"] or member["sq"] or member["dq"]] = _value(member)
        at = member.end() + 1
    return found


def _value(member: re.Match[str]) -> object:
    if member["bare"] is not None:
        return orjson.loads(member["bare"])
    quoted = member["s"] if member["s"] is not None else member["d"]
    return re.sub(r"\\(.)", r"\1", quoted)
