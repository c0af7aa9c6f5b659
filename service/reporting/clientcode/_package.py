"""Operations → source files of `service.client`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from service.reporting.clientcode._layout import WIDTH, Bracket, docstring
from service.reporting.clientcode._methods import method_lines
from service.reporting.clientcode._operations import (
    ClientCodeError,
    Operation,
    by_desk,
    class_name,
    identifier,
    read_operations,
)
from service.reporting.clientcode._types import Imports

HEADER = "# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit."
DESKS = "_desks.py"
LONGEST = 340
"""Lines of a module, under the house's 350."""
OTHER_MODULES = frozenset({"dataframe", "errors", "sync", "testing"})
OWN_ATTRIBUTES = frozenset({"aclose", "close", "download", "request", "wait", "with_options"})
WRAPPERS = {
    "call": "Blocking",
    "list": "BlockingList",
    "report": "BlockingReport",
    "file": "BlockingFile",
    "stream": "BlockingStream",
}
FEWEST = 3
"""Operations on one kind of thing that get a module of their own, where a desk's is too long."""


def client_source(openapi: Mapping[str, Any]) -> dict[str, str]:
    """File name → source: a module for each desk and ``_desks.py``, which gives the client its attributes.

    The sources are as the formatter leaves them. Raises `ClientCodeError` for operations that have no type.
    """
    tags = {identifier(tag["name"]): str(tag.get("description", "")) for tag in openapi.get("tags", [])}
    files: dict[str, str] = {}
    wrong: list[str] = []
    for desk, specs in by_desk(openapi).items():
        try:
            files |= _desk_files(desk, tags.get(desk, ""), specs, openapi)
        except ClientCodeError as error:
            wrong.append(str(error))
    if wrong:
        raise ClientCodeError("; ".join(wrong))
    desks = [name.removesuffix(".py") for name in files if not name.startswith("_")]
    return {**files, DESKS: _desks_module(desks)}


def write_client(openapi: Mapping[str, Any], folder: Path) -> list[Path]:
    """Write `client_source` into ``folder`` and remove what an earlier run wrote and this one does not.

    Gives the paths that changed. Files without our header are never touched.
    """
    files = {folder / name: source for name, source in client_source(openapi).items()}
    foreign = [path.name for path in files if path.exists() and not _ours(path)]
    if foreign:
        raise ClientCodeError(f"not generated, and in the way: {', '.join(foreign)}")
    stale = [path for path in folder.glob("*.py") if path not in files and _ours(path)]
    for path in stale:
        path.unlink()
    changed = [path for path, source in files.items() if not path.exists() or _text(path) != source]
    for path in changed:
        path.write_text(files[path], encoding="utf-8")
    return [*stale, *changed]


def _ours(path: Path) -> bool:
    return _text(path).startswith(HEADER)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _desk_files(
    desk: str, about: str, specs: Sequence[tuple[str, str, Mapping[str, Any]]], openapi: Mapping[str, Any]
) -> dict[str, str]:
    """One module, or where that would be too long its reports and lists in modules of their own."""
    if desk in OTHER_MODULES or desk in OWN_ATTRIBUTES:
        raise ClientCodeError(f"a desk cannot be called {desk}: the client has something else of that name")
    operations = read_operations(desk, specs, openapi)
    whole = _desk_module(desk, about, operations, operations)
    if whole.count("\n") <= LONGEST:
        return {f"{desk}.py": whole}
    parts: dict[str, list[Operation]] = {
        "": [], "reports": [], "explanations": [], "records": [], "entities": [],
    }  # fmt: skip
    for operation in operations:
        parts[_part_of(operation)].append(operation)
    rest = parts.pop("")
    parts |= _by_subject(desk, rest, parts)
    rest = [one for one in rest if not any(one in part for part in parts.values())]
    files = {f"_{desk}_{name}.py": _part_module(desk, name, part) for name, part in parts.items() if part}
    names = [name for name, part in parts.items() if part]
    return {f"{desk}.py": _desk_module(desk, about, rest, operations, names), **files}


def _desk_module(
    desk: str, about: str, own: Sequence[Operation], every: Sequence[Operation], parts: Sequence[str] = ()
) -> str:
    imports = Imports()
    bases = [
        imports.add(f"service.client._{desk}_{part}", f"{class_name(desk)}{class_name(part)}")
        for part in parts
    ] or [imports.add("service.client._desk", "Desk")]
    says = about or f"The {desk} operations."
    body = [*_async_class(class_name(desk), bases, says, own, imports), "", ""]
    body += _blocking_class(desk, every, imports)
    what = docstring([f"`{class_name(desk)}`: one method for each of its operations, async and blocking."], 0)
    return _source([HEADER, *what], imports, body)


def _part_of(operation: Operation) -> str:
    """Reports, explanations; lists of what happened in a window (records), of what there is (entities)."""
    if "/reports/" in operation.path:
        return "explanations" if operation.path.endswith("/explain") else "reports"
    if operation.kind != "list":
        return ""
    return "records" if any(one.wire == "from" for one in operation.parameters) else "entities"


def _by_subject(
    desk: str, rest: Sequence[Operation], taken: Mapping[str, Sequence[Operation]]
) -> dict[str, list[Operation]]:
    """What is left, by what it is about, where it is still too long for one module."""
    if _part_module(desk, "rest", rest).count("\n") + len(rest) <= LONGEST:
        return {}
    subjects: dict[str, list[Operation]] = {}
    for operation in rest:
        subjects.setdefault(_subject(operation), []).append(operation)
    return {
        name: found for name, found in subjects.items() if name and name not in taken and len(found) >= FEWEST
    }


def _subject(operation: Operation) -> str:
    """`/v1/children/{child_id}/sessions/batch` → `sessions`; empty for the desk's own thing."""
    words = [word for word in operation.path.split("/")[3:] if not word.startswith("{")]
    return identifier(words[0]) if words else ""


def _part_module(desk: str, part: str, operations: Sequence[Operation]) -> str:
    imports = Imports()
    says = f"The {part} of `{class_name(desk)}`."
    bases = [imports.add("service.client._desk", "Desk")]
    body = _async_class(f"{class_name(desk)}{class_name(part)}", bases, says, operations, imports)
    return _source([HEADER, *docstring([says], 0)], imports, body)


def _async_class(
    name: str, bases: Sequence[str], says: str, operations: Sequence[Operation], imports: Imports
) -> list[str]:
    lines = [*_class_line(name, bases), *docstring([says], 4)]
    choices = {name: values for operation in operations for name, values in operation.choices.items()}
    named = [Bracket(f"{name} = Literal[", values, "]").lines(0) for name, values in choices.items()]
    if named:
        lines = [*chain.from_iterable(named), "", "", *lines]
    for operation in operations:
        for module, imported in operation.imports:
            imports.add(module, imported)
        lines += ["", *method_lines(operation, imports)]
    return lines


def _class_line(name: str, bases: Sequence[str]) -> list[str]:
    """The formatter keeps bases together in a line of their own before it gives each its own."""
    inner = f"    {', '.join(bases)}"
    if len(f"class {name}({', '.join(bases)}):") > WIDTH >= len(inner):
        return [f"class {name}(", inner, "):"]
    return Bracket(f"class {name}(", bases, "):").lines(0)


def _blocking_class(desk: str, operations: Sequence[Operation], imports: Imports) -> list[str]:
    name, base = class_name(desk), imports.add("service.client._blocking", "DeskSync")
    lines = [f"class {name}Sync({base}):", *docstring([f"`{name}`, blocking."], 4), ""]
    for operation in operations:
        wrapper = imports.add("service.client._blocking", WRAPPERS[operation.kind])
        lines += Bracket(f"{operation.name} = {wrapper}(", [f"{name}.{operation.name}"], ")").lines(4)
    return lines


def _desks_module(desks: Sequence[str]) -> str:
    imports = Imports()
    for desk in desks:
        imports.add(f"service.client.{desk}", class_name(desk))
        imports.add(f"service.client.{desk}", f"{class_name(desk)}Sync")
    session = imports.add("service.client._session", "Session")
    loop = imports.add("service.client._loop", "LoopThread")
    body = [
        "class Desks:",
        *docstring(["One attribute for each desk."], 4),
        "",
        f"    def __init__(self, session: {session}) -> None:",
        "        self._session = session",
        *[f"        self.{desk} = {class_name(desk)}(session)" for desk in desks],
        "",
        "",
        "class DesksSync:",
        *docstring(["One attribute for each desk, blocking."], 4),
        "",
        f"    def __init__(self, client: Desks, loop: {loop}) -> None:",
        "        self._loop = loop",
        *[f"        self.{desk} = {class_name(desk)}Sync(client.{desk}, loop)" for desk in desks],
    ]
    return _source([HEADER, *docstring(["The desks of the service."], 0)], imports, body)


def _source(head: Sequence[str], imports: Imports, body: Sequence[str]) -> str:
    groups: dict[bool, list[str]] = {False: [], True: []}
    for module, names in imports:
        groups[module.startswith("service.")] += _import_lines(module, names)
    blocks = [block for block in (groups[False], groups[True]) if block]
    lines = [*head, "", "from __future__ import annotations", ""]
    for block in blocks:
        lines += [*block, ""]
    # Two blank lines stand before a class, one before anything else.
    return "\n".join([*lines, *([""] if body[0].startswith("class ") else []), *body]) + "\n"


def _import_lines(module: str, names: Sequence[str]) -> list[str]:
    ordered = sorted(names, key=lambda name: (not name.isupper(), name[:1].islower(), _natural(name.lower())))
    one = f"from {module} import {', '.join(ordered)}"
    return [one] if len(one) <= 110 else Bracket(f"from {module} import (", ordered, ")").lines(0)


def _natural(name: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", name)]
