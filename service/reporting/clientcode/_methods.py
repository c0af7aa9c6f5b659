"""One operation → one method of the async desk."""

from __future__ import annotations

from service.reporting.clientcode._layout import Bracket, docstring
from service.reporting.clientcode._operations import FORM, STREAM, Operation, Parameter
from service.reporting.clientcode._types import Imports

# Every list has them and `service.client` says what they are.
WITHOUT_SAYING = frozenset({"cursor", "include", "limit"})


def method_lines(operation: Operation, imports: Imports) -> list[str]:
    """The method's source: signature, docstring, one call."""
    return [
        *_signature(operation, imports),
        *docstring(_said(operation), 8),
        *_call(operation, imports).lines(8),
    ]


def _signature(operation: Operation, imports: Imports) -> list[str]:
    options = f"options: {imports.add('service.client._options', 'CallOptions')} | None = None"
    first = ["self", *(f"{one.name}: {one.type}" for one in operation.placed("path"))]
    body = operation.body
    if body is not None:
        first.append(f"body: {body.type}" if body.required else f"body: {body.type} | None = None")
    named = [*operation.placed("query"), *operation.placed("header")]
    ordered = sorted(named, key=lambda one: not one.required)
    items = [*first, "*", *map(_keyword, ordered), options]
    word = "async def" if operation.kind == "call" else "def"
    return Bracket(f"{word} {operation.name}(", items, f") -> {_returned(operation, imports)}:").lines(4)


def _keyword(one: Parameter) -> str:
    return f"{one.name}: {one.type}" if one.required else f"{one.name}: {one.type} | None = None"


def _returned(operation: Operation, imports: Imports) -> str:
    if operation.kind == "list":
        pages = imports.add("service.client._desk", "Pages")
        usual = operation.result == f"Listing[{operation.row}]"
        return f"{pages}[{operation.row}]" if usual else f"{pages}[{operation.row}, {operation.result}]"
    if operation.kind == "file":
        return imports.add("service.client._desk", "FileCall")
    if operation.kind == "stream":
        return imports.add("service.client._events", STREAM)
    if operation.kind == "report":
        return f"{imports.add('service.client._desk', 'ReportCall')}[{operation.result}]"
    return operation.result


def _call(operation: Operation, imports: Imports) -> Bracket:
    path = _path(operation, imports)
    if operation.kind != "call":
        query = _mapping("", operation.placed("query"))
        types = [operation.result] if operation.row is None else [operation.row, operation.result]
        types = [] if operation.kind in {"file", "stream"} else types
        placed = operation.placed("header") if operation.kind == "stream" else []
        headers = [_mapping("", placed)] if placed else []
        return Bracket(f"return self._{operation.kind}(", [*types, path, query, "options", *headers], ")")
    # A method that gives nothing does not return the call: the type checker would object.
    nothing = operation.result == "None"
    results = ["type(None)"] if nothing else operation.result.split(" | ")
    call = "await self._call(" if len(results) == 1 else "await self._either("
    return Bracket(
        call if nothing else f"return {call}",
        [*results, f'"{operation.method}"', path, *_named(operation, imports), "options=options"],
        ")",
    )


def _named(operation: Operation, imports: Imports) -> list[str | Bracket]:
    items: list[str | Bracket] = []
    if operation.placed("query"):
        items.append(_mapping("query=", operation.placed("query")))
    if operation.body is not None:
        is_form = operation.body.content_type == FORM
        form = imports.add("service.client._message", "encode_form") if is_form else None
        items.append("body=body" if form is None else f"body={form}(body)")
    headers = Bracket("headers={", [_header(one, imports) for one in operation.placed("header")], "}")
    if operation.body is not None and operation.body.content_type is not None:
        kind = f'"content-type": "{operation.body.content_type}"'
        headers = Bracket(headers.open, [kind, *headers.items], headers.close)
    return [*items, headers] if headers.items else items


def _header(one: Parameter, imports: Imports) -> str:
    if one.wire.lower() != "if-match":
        return f'"{one.wire}": {one.name}'
    return f'"{one.wire}": {imports.add("service.client._message", "etag_text")}({one.name})'


def _mapping(opening: str, parameters: list[Parameter]) -> Bracket:
    return Bracket(f"{opening}{{", [f'"{one.wire}": {one.name}' for one in parameters], "}")


def _path(operation: Operation, imports: Imports) -> str:
    path = operation.path
    for one in operation.placed("path"):
        segment = imports.add("service.client._message", "segment")
        path = path.replace(f"{{{one.wire}}}", f"{{{segment}({one.name})}}")
    return f'f"{path}"' if operation.placed("path") else f'"{path}"'


def _said(operation: Operation) -> list[str]:
    paragraphs = operation.description.strip().split("\n\n")
    summary = operation.summary.strip()
    # "Monthly Sheet" is FastAPI's title of a function's name; the description says more than that.
    derived = summary == summary.title()
    if not (derived and paragraphs[0]) and summary.rstrip(".") != paragraphs[0].strip().rstrip("."):
        paragraphs = [summary or operation.name.replace("_", " ").capitalize(), *paragraphs]
    first = paragraphs[0].rstrip()
    paragraphs[0] = first if first.endswith((".", "?", "!", ":")) else f"{first}."
    told = [one for one in operation.parameters if one.description and one.wire not in WITHOUT_SAYING]
    listed = "\n".join(f"- {one.name}: {' '.join(one.description.split())}" for one in told)
    return [*paragraphs, listed]
