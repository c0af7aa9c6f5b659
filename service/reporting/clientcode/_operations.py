"""The operations of an OpenAPI document, as the client's methods will need them."""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Literal

from service.reporting.clientcode._types import Imports, Schema, Types, UnknownShape, component_class

METHODS = ("get", "post", "put", "patch", "delete")
# The client sets these itself, for every call.
OWN_HEADERS = frozenset(
    {
        "accept",
        "accept-language",
        "authorization",
        "cookie",
        "idempotency-key",
        "if-none-match",
        "min-data-version",
        "x-request-id",
    }
)
ARGUMENTS = frozenset({"self", "options", "body"})
"""Names every method has already."""
ATTRIBUTES = frozenset({"desk", "loop"})
"""Names every blocking desk has already."""
Kind = Literal["call", "list", "report", "file", "stream"]
FORM = "application/x-www-form-urlencoded"
EVENTS = "text/event-stream"
STREAM = "EventStream"
RESUMED = "Last-Event-ID"
OF_LISTS = frozenset({"cursor", "format", "include", "limit"})
"""Parameters of a list, which its stream of events has no use for."""


class ClientCodeError(Exception):
    """The document cannot become a client; the message names every operation concerned and why."""


@dataclass(frozen=True)
class Parameter:
    """One parameter: ``wire`` is its name in the request, ``name`` in Python."""

    wire: str
    name: str
    type: str
    required: bool
    where: str
    description: str


@dataclass(frozen=True)
class Body:
    """A request's body: the type of the argument, and its content type where that is not JSON."""

    type: str
    required: bool
    content_type: str | None


@dataclass(frozen=True)
class Operation:
    """One method of a desk. ``result`` is a Python expression, ``row`` that of a list's rows.

    ``imports`` are the (module, name) of all types in it, ``choices`` the long ones with names of their own.
    """

    name: str
    method: str
    path: str
    kind: Kind
    result: str
    row: str | None
    parameters: tuple[Parameter, ...]
    body: Body | None
    summary: str
    description: str
    imports: tuple[tuple[str, str], ...]
    choices: Mapping[str, Sequence[str]]

    def placed(self, where: str) -> list[Parameter]:
        """Its parameters in the path, the query or the headers."""
        return [one for one in self.parameters if one.where == where]


def by_desk(document: Mapping[str, Any]) -> dict[str, list[tuple[str, str, Mapping[str, Any]]]]:
    """(method, path, operation) by the slug of the first tag; what has none is the desk `service`."""
    desks: dict[str, list[tuple[str, str, Mapping[str, Any]]]] = {}
    for path, item in sorted(document.get("paths", {}).items()):
        shared = item.get("parameters", [])
        for method in METHODS:
            if method in item:
                spec = {**item[method], "parameters": [*shared, *item[method].get("parameters", [])]}
                desks.setdefault(_desk_of(spec), []).append((method.upper(), path, spec))
    return dict(sorted(desks.items()))


def read_operations(
    desk: str, specs: Sequence[tuple[str, str, Mapping[str, Any]]], document: Mapping[str, Any]
) -> list[Operation]:
    """The operations of a desk. Raises `ClientCodeError` naming every one that has no typed method."""
    components = document.get("components", {}).get("schemas", {})
    found: dict[str, Operation] = {}
    wrong: list[str] = []
    for method, path, spec in chain.from_iterable(map(_methods_of, specs)):
        try:
            operation = _operation(desk, method, path, spec, components)
        except UnknownShape as error:
            wrong.append(f"{method} {path}: {error}")
            continue
        if operation.name in found:
            wrong.append(f"{method} {path}: a second method called {operation.name}")
        found[operation.name] = operation
    if wrong:
        raise ClientCodeError("; ".join(wrong))
    return list(found.values())


def _methods_of(
    spec: tuple[str, str, Mapping[str, Any]],
) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """An operation, and as another one (`…_stream`) its events, where it answers either JSON or these."""
    method, path, said = spec
    content, asked = _content(said) or {}, said["parameters"]
    if EVENTS not in content or len(content) == 1:
        yield spec
        return
    yield method, path, {**said, "parameters": [one for one in asked if one["name"] != RESUMED]}
    events = {
        "operationId": f"{said['operationId']}_stream",
        "summary": f"{said['summary']}, as it happens",
        "description": "",
        "parameters": [one for one in asked if one["name"] not in OF_LISTS],
        "responses": {"200": {"content": {EVENTS: content[EVENTS]}}},
    }
    yield method, path, {**said, **events}


def untyped_answers(document: Mapping[str, Any]) -> list[str]:
    """Answers the client can only give as plain data, because their models are not in `service.schemas`."""
    components = document.get("components", {}).get("schemas", {})
    specs = [spec for desk in by_desk(document).values() for spec in desk]
    found = ((method, path, _result(spec, Types(components, Imports()))[0]) for method, path, spec in specs)
    keys = [
        (f"{method} {path}", schema["$ref"].rsplit("/", 1)[1])
        for method, path, schema in found
        if schema and "$ref" in schema
    ]
    return [f"{line}: {key}" for line, key in keys if component_class(key, components) is None]


def method_name(desk: str, spec: Mapping[str, Any]) -> str:
    """The operation's id without its desk: ``attendance_days`` → ``days``."""
    name = identifier(str(spec["operationId"]).removeprefix(f"{desk}_"))
    return f"{name}_" if name in ATTRIBUTES else name


def identifier(text: str) -> str:
    """A Python name for a wire name: ``from`` → ``from_``, ``If-Match`` → ``if_match``."""
    name = re.sub(r"[^0-9a-z]+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", text).lower()).strip("_")
    name = f"_{name}" if name[:1].isdigit() else name
    return f"{name}_" if keyword.iskeyword(name) else name


def class_name(words: str) -> str:
    """``shift_types`` → ``ShiftTypes``."""
    return "".join(word.capitalize() for word in words.split("_"))


def _argument(wire: str) -> str:
    name = identifier(wire)
    return f"{name}_" if hasattr(builtins, name) or name in ARGUMENTS else name


def _desk_of(spec: Mapping[str, Any]) -> str:
    tags = spec.get("tags") or ["service"]
    return identifier(str(tags[0]))


def _operation(
    desk: str, method: str, path: str, spec: Mapping[str, Any], components: Mapping[str, Any]
) -> Operation:
    imports = Imports()
    types = Types(components, imports)
    name = method_name(desk, spec)
    schema, result = _result(spec, types)
    parameters = tuple(_parameters(name, spec, types))
    if schema is not None:
        # The method is for the JSON; other formats are its `.download(path, format)`.
        parameters = tuple(one for one in parameters if one.wire != "format")
    paged = method == "GET" and any(one.wire == "cursor" for one in parameters)
    row = types.row(schema) if paged and schema is not None else None
    return Operation(
        name=name,
        method=method,
        path=path,
        kind=_kind(method, result, row),
        result=result,
        row=row,
        parameters=parameters,
        body=_body(spec, types),
        summary=str(spec.get("summary", "")),
        description=_described(spec),
        imports=tuple((module, name) for module, names in imports for name in names),
        choices=types.choices,
    )


def _kind(method: str, result: str, row: str | None) -> Kind:
    if row is not None:
        return "list"
    if result == STREAM:
        return "stream"
    if method == "GET" and result == "bytes":
        return "file"
    return "report" if method == "GET" and result.startswith("ReportAnswer[") else "call"


def _described(spec: Mapping[str, Any]) -> str:
    text = str(spec.get("description", ""))
    return f"Deprecated. {text}".strip() if spec.get("deprecated") else text


def _parameters(operation: str, spec: Mapping[str, Any], types: Types) -> Iterator[Parameter]:
    for one in spec.get("parameters", []):
        where, wire = one["in"], one["name"]
        if where == "cookie" or (where == "header" and wire.lower() in OWN_HEADERS):
            continue
        schema, name = one.get("schema", {}), _argument(wire)
        type_ = types.sent(schema, class_name(operation) + class_name(name))
        if not type_:
            continue  # a parameter that can only be null has nothing to say
        said = str(one.get("description") or schema.get("description") or "")
        required = one.get("required", False)
        if wire.lower() == "if-match":
            # Optional in the document, so that its absence is 428 and not 422; a call without it is in vain.
            type_, required = "str | int", required or "428" in spec["responses"]
        yield Parameter(wire, name, type_, required, where, said)


def _body(spec: Mapping[str, Any], types: Types) -> Body | None:
    body = spec.get("requestBody")
    if body is None:
        return None
    required, content = body.get("required", False), body["content"]
    if "application/json" in content:
        return Body(types.body(content["application/json"].get("schema", {})), required, None)
    if FORM in content:
        return Body(types.body(content[FORM].get("schema", {})), required, FORM)
    return Body("bytes", required, next(iter(content)))


def _result(spec: Mapping[str, Any], types: Types) -> tuple[Schema | None, str]:
    """Schema and type of the first success with content: JSON typed, events, text ``str``, else ``bytes``."""
    content = _content(spec)
    if content is None:
        return None, "None"
    if "application/json" in content:
        schema = content["application/json"].get("schema", {})
        return schema, " | ".join(_models(schema, spec, types))
    first = next(iter(content))
    if first == EVENTS:
        return None, STREAM
    return None, "str" if first.startswith("text/") else "bytes"


def _models(schema: Schema, spec: Mapping[str, Any], types: Types) -> list[str]:
    """The type of the first success, and that of another with a model of its own (200 known, 202 begun)."""
    contents = [answer.get("content", {}) for answer in _successes(spec)]
    schemas = [one.get("application/json", {}).get("schema", {}) for one in contents]
    named = [one for one in schemas if "$ref" in one] if "$ref" in schema else []
    found = list(dict.fromkeys(types.received(one) for one in [schema, *named]))
    if len(found) > 2:
        raise UnknownShape(f"an answer is of two models at most, not {', '.join(found)}")
    return found


def _content(spec: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Of the first success with content."""
    return next((answer["content"] for answer in _successes(spec) if answer.get("content")), None)


def _successes(spec: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [answer for status, answer in sorted(spec["responses"].items()) if status.startswith("2")]
