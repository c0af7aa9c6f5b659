"""What OpenAPI says about reports and errors: examples, files, problems of the classes that are raised."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from service.core.auth import SCOPES
from service.core.errors import (
    BadRequest,
    Conflict,
    Gone,
    Invalid,
    Locked,
    NotAllowed,
    NotAuthenticated,
    NotFound,
    PreconditionFailed,
    PreconditionRequired,
    RateLimited,
    ServiceError,
    Unavailable,
    UpstreamError,
)
from service.core.problems import PayloadTooLarge, UnsupportedMedia
from service.reporting.desk import Desk
from service.reporting.formats import formatters
from service.reporting.negotiation import NotAcceptable
from service.reporting.report import Report
from service.schemas.envelope import Problem

Responses: TypeAlias = dict[int | str, dict[str, Any]]

PROBLEM: Final = "application/problem+json"
_CLASSES: Final[Mapping[int, type[ServiceError]]] = {
    kind.status: kind
    for kind in (
        BadRequest, NotAuthenticated, NotAllowed, NotFound, NotAcceptable, Conflict, Gone, PreconditionFailed,
        PayloadTooLarge, UnsupportedMedia, Invalid, Locked, PreconditionRequired, RateLimited, UpstreamError,
        Unavailable,
    )
}  # fmt: skip
# What `meta` says in an example unless the declaration knows better.
_META_EXAMPLE: Final[Mapping[str, Any]] = {
    "as_of": "2026-11-01T06:30:00Z",
    "complete_through": {"frappe": "2026-11-01T06:30:00Z"},
    "complete": True,
    "incomplete_reasons": [],
    "gaps": [],
    "timezone": "Asia/Kolkata",
    "rules_version": "recommended/1",
    "data_version": "attendance/2026-10/Villas:1761978600000000",
    "generated_at": "2026-11-01T06:30:00Z",
}


def problem_responses(*statuses: int) -> Responses:
    """The `responses=` of a route for these statuses, from the classes that are raised."""
    return {status: _problem_response(_CLASSES[status]) for status in statuses}


def _problem_response(kind: type[ServiceError]) -> dict[str, Any]:
    example = {
        "type": f"urn:muster:problem:{kind.code}",
        "title": kind.title,
        "status": kind.status,
        "detail": (kind.__doc__ or kind.title).splitlines()[0],
        "instance": "/v1/…",
        "code": kind.code,
        "request_id": "4f1c2a9be07d3351",
        "errors": [],
    }
    return {"model": Problem, "description": kind.title, "content": {PROBLEM: {"example": example}}}


def example_answer(report: Report[Any, Any]) -> dict[str, Any]:
    """The declared example as a whole answer."""
    given = report.example
    return {
        "report": report.name,
        "params": dict(given.get("params", {})),
        "items": list(given.get("items", [])),
        "summary": dict(given.get("summary", {})),
        "notes": list(given.get("notes", [])),
        "meta": {**_META_EXAMPLE, **given.get("meta", {})},
    }


def report_responses(report: Report[Any, Any]) -> Responses:
    """The responses of a report's route."""
    content: dict[str, Any] = {"application/json": {"example": example_answer(report)}}
    for made in formatters(report).values():
        content[made.media_type.partition(";")[0]] = {"schema": {"type": "string"}}
    return {
        200: {"description": report.title, "content": content, "headers": _REPORT_HEADERS},
        304: {"description": "The answer you have (`If-None-Match`) is still the newest."},
        **problem_responses(400, 401, 403, 406, 422, 429, 503),
    }


def explain_responses(report: Report[Any, Any]) -> Responses:
    """The responses of a report's explain route."""
    content: dict[str, Any] = {"text/html": {"schema": {"type": "string"}}}
    if report.explain_example is not None:
        content["application/json"] = {"example": dict(report.explain_example["answer"])}
    return {
        200: {"description": "Why the figure is what it is", "content": content},
        **problem_responses(400, 401, 403, 404, 406, 422, 503),
    }


_REPORT_HEADERS: Final = {
    "ETag": {"schema": {"type": "string"}, "description": "Strong validator of these bytes."},
    "Data-Version": {"schema": {"type": "string"}, "description": "What the answer stands on, opaque."},
    "Link": {"schema": {"type": "string"}, "description": "The same answer in other formats."},
    "Data-Complete": {
        "schema": {"type": "string", "enum": ["true", "false"]},
        "description": "Whether a file or page is complete; JSON says so in `meta`.",
    },
    "Incomplete-Reasons": {
        "schema": {"type": "string"},
        "description": "Why it is not: a list of Display Strings (RFC 9651), the first ten reasons.",
    },
}


def openapi_document(app: FastAPI, desks: Sequence[Desk]) -> dict[str, Any]:
    """The application's OpenAPI 3.1 document, with problem documents as they are really sent."""
    document = get_openapi(
        title=app.title,
        version=app.version,
        openapi_version="3.1.0",
        description=app.description,
        routes=app.routes,
        tags=_tags(app.openapi_tags or [], desks),
        servers=app.servers or None,
    )
    for path, operations in document["paths"].items():
        for operation in operations.values():
            if isinstance(operation, dict):
                _unreadable_bodies(operation)
                _problems_as_sent(operation)
                _parameter_examples(operation, path, desks)
    _people_sign_in(document)
    for leftover in ("HTTPValidationError", "ValidationError"):
        document.get("components", {}).get("schemas", {}).pop(leftover, None)
    return document


def person_scheme(root: str = "") -> dict[str, Any]:
    """How people sign in, for *Authorize* on the docs page; `root` is the path the service lies under."""
    flow = {"tokenUrl": f"{root}/v1/access/token", "scopes": dict(SCOPES)}
    description = "E-mail address and password of a person; leave the client fields empty."
    return {"type": "oauth2", "description": description, "flows": {"password": flow}}


def _people_sign_in(document: dict[str, Any]) -> None:
    """Whatever takes a key takes the access token of a person as well."""
    schemes = document.get("components", {}).get("securitySchemes", {})
    if "key" not in schemes:
        return
    schemes["person"] = person_scheme()
    for operations in document["paths"].values():
        for operation in operations.values():
            if isinstance(operation, dict) and {"key": []} in operation.get("security", []):
                operation["security"].append({"person": []})


def _tags(given: Sequence[dict[str, Any]], desks: Sequence[Desk]) -> list[dict[str, Any]]:
    """The application's own tags, and one with a description for each desk."""
    named = {tag["name"] for tag in given}
    ours = [{"name": desk.name, "description": desk.description} for desk in desks if desk.name not in named]
    return [*given, *ours]


def _unreadable_bodies(operation: dict[str, Any]) -> None:
    """A body that is not even JSON is 400 on every route that reads one."""
    if "requestBody" in operation and "400" not in operation["responses"]:
        described = _problem_response(BadRequest)
        operation["responses"]["400"] = {name: described[name] for name in ("description", "content")}


def _problems_as_sent(operation: dict[str, Any]) -> None:
    """Errors travel as `application/problem+json`; the framework documents them as plain JSON."""
    for status, response in operation.get("responses", {}).items():
        if not status.isdigit() or int(status) < 400:
            continue
        content = response.setdefault("content", {})
        plain = content.pop("application/json", {})
        sent = content.setdefault(PROBLEM, {})
        schema = plain.get("schema", {})
        ours = schema if schema.get("$ref", "").endswith("/Problem") else {"$ref": _PROBLEM_REF}
        sent.setdefault("schema", ours)
        if int(status) == RateLimited.status:
            response.setdefault("headers", dict(_LIMITED))


_LIMITED: Final = {
    "Retry-After": {"schema": {"type": "integer"}, "description": "Seconds to wait."},
    "RateLimit": {
        "schema": {"type": "string"},
        "description": 'What is left (`"person";r=0;t=31`), of an IETF draft; other answers carry it too.',
    },
    "RateLimit-Policy": {
        "schema": {"type": "string"},
        "description": 'What is allowed in how many seconds (`"person";q=100;w=60`).',
    },
}
_PROBLEM_REF: Final = "#/components/schemas/Problem"


def _parameter_examples(operation: dict[str, Any], path: str, desks: Sequence[Desk]) -> None:
    example = _params_example(path, desks)
    for parameter in operation.get("parameters", []):
        if parameter.get("in") == "query" and parameter["name"] in example:
            parameter["example"] = example[parameter["name"]]


def _params_example(path: str, desks: Sequence[Desk]) -> Mapping[str, Any]:
    for desk in desks:
        for report in desk.reports:
            route = f"/v1/{desk.name}/reports/{report.name}"
            if path == route:
                params: Mapping[str, Any] = report.example.get("params", {})
                return params
            if path == f"{route}/explain" and report.explain_example is not None:
                asked: Mapping[str, Any] = report.explain_example.get("params", {})
                return asked
    return {}
