"""Q57: the operations of a desk called through the client, with the document's own examples as bodies."""

import inspect
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_type_hints

from pydantic import TypeAdapter

from service.reporting.clientcode._operations import by_desk, method_name

DOCUMENT = Path(__file__).parents[2] / "docs" / "openapi.json"
"""As it is written down, and held to the application by test_openapi_snapshot.py."""


def operations(desk: str) -> Mapping[str, dict[str, Any]]:
    """What the document says of each method of a desk."""
    specs = by_desk(json.loads(DOCUMENT.read_text("utf-8")))[desk]
    return {method_name(desk, spec): dict(spec) for _, _, spec in specs}


def given(
    method: Any, spec: Mapping[str, Any], things: Mapping[Any, Any], own: Mapping[str, Any]
) -> dict[str, Any]:
    """The required arguments of an operation, out of `things` or the document, and what is its `own`."""
    shown = {one["name"]: one["example"] for one in spec["parameters"] if "example" in one}
    return dict(_given(method, spec, {**shown, **things, **own}, own))


def _given(
    method: Any, spec: Mapping[str, Any], things: Mapping[Any, Any], own: Mapping[str, Any]
) -> Iterator[tuple[str, Any]]:
    hints = get_type_hints(method)
    for one in inspect.signature(method).parameters.values():
        if one.name == "body":
            yield "body", _body(hints["body"], spec, things)
        elif one.default is one.empty or one.name in own:
            yield one.name, things[one.name]


def _body(kind: Any, spec: Mapping[str, Any], things: Mapping[Any, Any]) -> Any:
    """That of the operation's own or of all of its type, else the example."""
    media = next(iter(spec["requestBody"]["content"].values()))
    example = things.get("body", things.get(kind, media.get("example")))
    return example.encode() if kind is bytes else TypeAdapter(kind).validate_python(example, by_alias=True)
