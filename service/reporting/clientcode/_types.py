"""From JSON Schema to Python types: loose on what is sent, and the very classes of `service.schemas` back."""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from types import ModuleType
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel

import service.schemas

Schema = Mapping[str, Any]
SCALARS = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}
STRING_FORMATS = {
    "date": ("datetime", "date"),
    "date-time": ("datetime", "datetime"),
    "uuid": ("uuid", "UUID"),
}


LONGEST_CHOICE = 70


class UnknownShape(Exception):
    """A schema that has no type a client could know."""


class Imports:
    """What a module has to import for the types it names."""

    def __init__(self) -> None:
        self._names: dict[str, set[str]] = {}

    def add(self, module: str, name: str) -> str:
        """Import ``name``; gives it back, to be used in an expression."""
        self._names.setdefault(module, set()).add(name)
        return name

    def __iter__(self) -> Iterator[tuple[str, list[str]]]:
        for module in sorted(self._names):
            yield module, sorted(self._names[module])


class Types:
    """Types of one module, with the components that the OpenAPI document refers to."""

    def __init__(self, components: Mapping[str, Schema], imports: Imports) -> None:
        self.choices: dict[str, Sequence[str]] = {}
        self._components = components
        self._imports = imports

    def sent(self, schema: Schema, name: str) -> str:
        """The type of a parameter: dates and instants also as text, arrays as any sequence.

        A choice too long for a signature goes by its name in `service.schemas`, else by ``name``; then its
        values are in ``choices``. Nothing, where there is but null to send.
        """
        options = [one for one in self._options(schema) if one.get("type") != "null"]
        return " | ".join(dict.fromkeys(part for one in options for part in self._sent_one(one, name)))

    def body(self, schema: Schema) -> str:
        """The type of a JSON body: a model of `service.schemas`, or plain data."""
        if "$ref" in schema:
            return self.received(schema)
        if schema.get("type") == "array":
            sequence = self._imports.add("collections.abc", "Sequence")
            return f"{sequence}[{self.body(schema.get('items', {}))}]"
        return f"{self._imports.add('collections.abc', 'Mapping')}[str, {self._any()}]"

    def received(self, schema: Schema) -> str:
        """The type of a JSON answer; plain data for a component that is not of `service.schemas`.

        Raises `UnknownShape` for what is no object.
        """
        if "$ref" in schema:
            return self._component(schema["$ref"].rsplit("/", 1)[1])
        if schema.get("type") == "array":
            return f"list[{self.received(schema.get('items', {}))}]"
        values = schema.get("additionalProperties")
        if isinstance(values, Mapping) and "$ref" in values:
            return f"dict[str, {self.received(values)}]"
        if schema.get("type") == "object" or not schema:
            return f"dict[str, {self._any()}]"
        raise UnknownShape(f"an answer is an object, not {schema.get('type') or sorted(schema)}")

    def row(self, schema: Schema) -> str | None:
        """The type of the rows when ``schema`` is a page (has ``items`` and ``page``), else None."""
        if "$ref" not in schema:
            return None
        fields = self._components[schema["$ref"].rsplit("/", 1)[1]].get("properties", {})
        if not {"items", "page"} <= set(fields):
            return None
        return self.received(fields["items"].get("items", {}))

    def _sent_one(self, schema: Schema, name: str) -> list[str]:
        choices = schema.get("enum", [schema["const"]] if "const" in schema else None)
        if choices is not None:
            return [self._choice([_quoted(one) for one in choices], name)]
        kind = schema.get("type")
        if kind == "array":
            sequence = self._imports.add("collections.abc", "Sequence")
            return [f"{sequence}[{self.sent(schema.get('items', {}), name) or 'None'}]"]
        if kind == "string" and schema.get("format") in STRING_FORMATS:
            return [self._imports.add(*STRING_FORMATS[schema["format"]]), "str"]
        if kind == "number":
            return [self._imports.add("decimal", "Decimal"), "float"]
        return [SCALARS.get(str(kind), "str")]

    def _choice(self, values: Sequence[str], name: str) -> str:
        literal = f"{self._imports.add('typing', 'Literal')}[{', '.join(values)}]"
        if len(literal) <= LONGEST_CHOICE:
            return literal
        if tuple(values) in schema_choices():
            return self._imports.add(*schema_choices()[tuple(values)])
        self.choices[name] = values
        return name

    def _options(self, schema: Schema) -> list[Schema]:
        if "$ref" in schema:
            return self._options(self._components[schema["$ref"].rsplit("/", 1)[1]])
        several = schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf")
        return [option for one in several for option in self._options(one)] if several else [schema]

    def _component(self, key: str) -> str:
        found = component_class(key, self._components)
        if found is not None:
            return self._imported(found)
        # A client without the server cannot import it; `untyped_answers` tells the house.
        return f"dict[str, {self._any()}]"

    def _imported(self, expression: str) -> str:
        for name in _names_in(expression):
            if name in schema_homes():
                self._imports.add(schema_homes()[name], name)
        if "Any" in _names_in(expression):
            self._any()
        return expression

    def _any(self) -> str:
        return self._imports.add("typing", "Any")


def component_class(key: str, components: Mapping[str, Schema]) -> str | None:
    """The class of `service.schemas` that a component is, as an expression; None when it is of elsewhere."""
    title = str(components.get(key, {}).get("title", ""))
    return _generic(title) or _generic(key)


@cache
def schema_homes() -> dict[str, str]:
    """Where each model of `service.schemas` is imported from: the shortest module that exports it."""
    homes: dict[str, str] = {}
    for module in sorted(_schema_modules(), key=lambda one: one.__name__.count(".")):
        exported = set(getattr(module, "__all__", ()))
        for name, value in vars(module).items():
            own = isinstance(value, type) and (value.__module__ == module.__name__ or name in exported)
            if own and issubclass(value, BaseModel) and "[" not in value.__name__:
                homes.setdefault(name, module.__name__)
    return homes


@cache
def schema_choices() -> dict[tuple[str, ...], tuple[str, str]]:
    """Module and name of each choice (`Literal`) that `service.schemas` names, by its values as written."""
    found: dict[tuple[str, ...], tuple[str, str]] = {}
    for module in _schema_modules():
        source = inspect.getsource(module)
        for name, value in vars(module).items():
            # Not where it is only imported; a Literal does not know its module.
            if get_origin(value) is Literal and f"\n{name} = Literal[" in source:
                found.setdefault(tuple(_quoted(one) for one in get_args(value)), (module.__name__, name))
    return found


def _schema_modules() -> Iterator[ModuleType]:
    package = service.schemas
    for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        yield importlib.import_module(info.name)


def _generic(spelling: str) -> str | None:
    """``ReportAnswer_MonthlySheetRow_`` or ``ReportAnswer[MonthlySheetRow]`` as the latter, if known."""
    plain = spelling.removesuffix("-Input").removesuffix("-Output")
    if plain in schema_homes() or plain in {"str", "int", "bool", "float", "Any"}:
        return plain
    # FastAPI spells a class whose short name is ambiguous with its whole path, joined by two underscores.
    if "__" in plain and not plain.endswith("_") and plain.rsplit("__", 1)[1] in schema_homes():
        return plain.rsplit("__", 1)[1]
    for name in schema_homes():
        for opening, closing in (("_", "_"), ("[", "]")):
            if plain.startswith(name + opening) and plain.endswith(closing):
                inner = _generic(plain[len(name) + 1 : -1])
                if inner is not None:
                    return f"{name}[{inner}]"
    return None


def _names_in(expression: str) -> list[str]:
    return expression.replace("]", "").split("[")


def _quoted(value: object) -> str:
    if not isinstance(value, str):
        return repr(value)
    # JSON's escapes are Python's too, and its quotes the formatter's, unless there are such quotes inside.
    text = json.dumps(value, ensure_ascii=False)
    if '"' in value and "'" not in value:
        return "'" + text[1:-1].replace('\\"', '"') + "'"
    return text
