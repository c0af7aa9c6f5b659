"""The framework's findings about a request as one problem, with a JSON pointer for each."""

from collections.abc import Mapping, Sequence
from typing import Any

from service.core.errors import FieldError, Invalid

_CODES: Mapping[str, str] = {
    "timezone_aware": "offset_required",
    "extra_forbidden": "unknown_parameter",
    "written_otherwise": "string_pattern_mismatch",  # of `WrittenAs`: the same finding in better words
}


_SENTENCES: Mapping[str, str] = {
    "timezone_aware": "this instant has no offset; give one such as 2026-10-31T08:00:00Z or …-06:00",
    **dict.fromkeys(
        ("datetime_parsing", "datetime_from_date_parsing", "datetime_type", "datetime_object_invalid"),
        "give an instant such as 2026-10-31T08:00:00Z or 2026-10-31T08:00:00-06:00",
    ),
}
"""What the framework says in terms of its types, in terms of what to write."""


def validation_error(entries: Sequence[Any]) -> Invalid:
    """FastAPI's or pydantic's findings as one problem with a pointer (RFC 6901) for each."""
    fields = [FieldError(_pointer(entry["loc"]), _code(entry), _sentence(entry)) for entry in entries]
    return Invalid("; ".join(f"{field.pointer}: {field.detail}" for field in fields[:3]), errors=fields)


def _pointer(location: Sequence[Any]) -> str:
    parts = (str(part).replace("~", "~0").replace("/", "~1") for part in location)
    return writable("/" + "/".join(parts))


def _code(entry: Any) -> str:
    kind = str(entry["type"])
    return _CODES.get(kind, kind)


def _sentence(entry: Any) -> str:
    kind = str(entry["type"])
    if kind in _SENTENCES:
        return _SENTENCES[kind]
    if kind == "string_pattern_mismatch":
        return "this is not written as its description at /docs asks"
    return writable(str(entry["msg"]).removeprefix("Value error, "))


def writable(text: str) -> str:
    """The text with what UTF-8 cannot write (a lone surrogate in a name somebody sent) replaced."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
