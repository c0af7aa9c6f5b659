"""Reads a plan file (TOML or JSON); what cannot be used is told with its place and what to do."""

import json
import tomllib
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from service.monitoring.loadtest.plan import Plan


class BadPlan(Exception):
    """The plan cannot be used; one sentence for each trouble."""

    def __init__(self, *problems: str) -> None:
        self.problems = problems
        super().__init__("; ".join(problems))


def read_plan(path: Path) -> Plan:
    """The plan of a file whose name ends in .toml or .json. Raises `BadPlan`."""
    document = _parsed(path, read_text(path))
    try:
        return Plan.model_validate(document)
    except ValidationError as error:
        raise BadPlan(*(_sentence(path, entry) for entry in error.errors())) from None


def read_text(path: Path) -> str:
    """The text of a file. Raises `BadPlan` with the reason that it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise BadPlan(f"{path} cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise BadPlan(f"{path} is not a text in UTF-8") from None


def _parsed(path: Path, text: str) -> Any:
    try:
        if path.suffix == ".json":
            return json.loads(text)
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadPlan(f"{path}: {error}; see docs/loadtest.toml") from None
    except json.JSONDecodeError as error:
        raise BadPlan(f"{path}: line {error.lineno}, column {error.colno}: {error.msg}") from None


def _sentence(path: Path, error: ErrorDetails) -> str:
    place = _place(error["loc"])
    what = error["msg"].removeprefix("Value error, ")
    if error["type"] == "extra_forbidden":
        known = _names_at(Plan, error["loc"][:-1])
        near = get_close_matches(str(error["loc"][-1]), known, n=1)
        what = f"there is no such name; did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
    elif error["type"] == "missing":
        what = "is missing"
    return f"{path}: {place}: {what}" if place else f"{path}: {what}"


def _place(loc: tuple[int | str, ...]) -> str:
    text = ""
    for part in loc:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _names_at(model: type[BaseModel], loc: tuple[int | str, ...]) -> list[str]:
    """The names that the part of a plan at this place may have."""
    for part in loc:
        if isinstance(part, int):
            continue
        inner = model.model_fields[part].annotation
        model = next((kind for kind in (inner, *get_args(inner)) if _is_model(kind)), model)
    return list(model.model_fields)


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)
