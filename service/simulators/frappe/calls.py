"""One request as the site sees it: parsed once, passed to faults, routes and the request log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

import orjson
from starlette.requests import Request

from service.simulators.frappe.failures import server_error

_FORM = "application/x-www-form-urlencoded"


@dataclass(slots=True)
class Call:
    """A request: `number` counts all requests of the site from 1; `params` are the query's and the body's
    values.

    `doctype` and `name` are what a resource path names, else what the parameter `doctype` says, else "".
    """

    number: int
    method: str
    path: str
    headers: Mapping[str, str]
    params: dict[str, object]
    body: bytes
    doctype: str = ""
    name: str = ""
    user: str = "Guest"
    kind: str = "other"
    v2: bool = field(default=False)

    @property
    def document(self) -> dict[str, object]:
        """The JSON object of the body, or the form's values; 500 where the body is no JSON."""
        if not self.body.strip():
            return dict(self.params)
        if self.headers.get("content-type", "").startswith(_FORM):
            return dict(parse_qsl(self.body.decode(), keep_blank_values=True))
        try:
            given = orjson.loads(self.body)
        except orjson.JSONDecodeError as error:
            raise server_error("JSONDecodeError", str(error), "json.decoder") from None
        if not isinstance(given, dict):
            raise server_error(
                "ValueError", "dictionary update sequence element #0 has length 1; 2 is required"
            )
        return given


async def read_call(request: Request, number: int) -> Call:
    """Parse a request of any kind; a path outside the known ones is of kind `other`."""
    body = await request.body()
    params: dict[str, object] = dict(request.query_params)
    path = request.url.path if "%" not in request.url.path else str(request.scope["path"])
    call = Call(number, request.method, path, request.headers, params, body)
    _place(call)
    if not call.doctype:
        call.doctype = str(params.get("doctype", ""))
    return call


def _place(call: Call) -> None:
    """Find out what the path means: `/api[/v1]/resource/…`, `/api[/v1]/method/…`, `/api/v2/document/…`."""
    parts = call.path.strip("/").split("/")
    if parts[:1] != ["api"]:
        return
    call.kind, rest = "api", parts[1:]
    if rest[:1] in (["v1"], ["v2"]):
        call.v2 = rest[0] == "v2"
        rest = rest[1:]
    area, tail = (rest[0] if rest else ""), rest[1:]
    if area == ("document" if call.v2 else "resource") and tail:
        call.doctype, call.name = tail[0], "/".join(tail[1:])
        call.kind = "document" if call.name else "list"
    elif area == "method" and tail:
        call.kind, call.name = "method", "/".join(tail)
    elif call.v2 and area == "doctype" and len(tail) == 2:
        call.kind, call.doctype, call.name = tail[1], tail[0], ""


def api_version(path: str) -> int | None:
    """1 or 2 where the path names an API version, None for the plain old one."""
    parts = path.strip("/").split("/")
    return {"v1": 1, "v2": 2}.get(parts[1]) if len(parts) > 1 else None
