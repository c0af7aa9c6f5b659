"""What a statement is apart from its values: one shape whatever the literals and the lengths of its lists.

Own code, since parsers of PostgreSQL's grammar (libpg_query) are a C library for what some patterns do here:
our statements differ in values and list lengths, not in spelling.
"""

import hashlib
import re
from typing import Final

_TOKENS: Final = re.compile(
    r"""
      (?P<space>(?:\s+|--[^\n]*|/\*.*?\*/)+)
    | (?P<value>[eE]'(?:[^'\\]|''|\\.)*' | (?:[bBxXnN]|[uU]&)?'(?:[^']|'')*' | \$(?P<tag>\w*)\$.*?\$(?P=tag)\$
        | \$\d+ | (?<![\w"$.])(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)? )
    | (?P<kept>"(?:[^"]|"")*" | [^\W\d][\w$]*)
    """,
    re.VERBOSE | re.DOTALL,
)
_CAST: Final = r"(?:::[\w.]+(?:\(\?(?:, \?)?\))?(?: WITH(?:OUT)? TIME ZONE)?(?:\[\])?)?"
_ONE: Final = rf"\?{_CAST}"
_ROW: Final = r"\((?:[^()]|\([^()]*\))*\)"
_LISTS: Final = (
    (re.compile(rf"(\bIN \(|\bARRAY\[)({_ONE})(?:, {_ONE})+(?=[)\]])", re.IGNORECASE), r"\1\2"),
    (re.compile(rf"(\bIN \()({_ROW})(?:, {_ROW})+(?=\))", re.IGNORECASE), r"\1\2"),
    (re.compile(rf"(\bVALUES )({_ROW})(?:, {_ROW})+", re.IGNORECASE), r"\1\2"),
)
"""Lists of values are shown with their first element, rows of values with their first row."""
_SPACED: Final = (
    (re.compile(r"([(\[]) "), r"\1"),
    (re.compile(r" ([)\],])"), r"\1"),
    (re.compile(r",(?! )"), ", "),
)
_HEAD: Final = 20_000
"""Characters that tell a statement; only lists of values make longer ones, and reading 20,000 takes 10 ms."""
_WITH_ROWS: Final = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "WITH", "VALUES", "COPY"})


def normalized(statement: str) -> str:
    """The statement on one line with `?` for every literal and parameter, its value lists at length one.

    Of what reads and writes no rows (DDL, SET, savepoints) the first two words: a migration has hundreds.
    Of a very long one the head, whose lists all have the same length.
    """
    text = without_values(statement[:_HEAD])
    words = text.split(" ", 2)
    if words[0].upper().lstrip("(") not in _WITH_ROWS:
        return " ".join(words[:2])
    for pattern, replacement in (*_SPACED, *_LISTS):
        text = pattern.sub(replacement, text)
    return text


def without_values(expression: str) -> str:
    """A piece of SQL on one line with `?` for every literal and parameter."""
    return _TOKENS.sub(_shown, expression).strip()


def fingerprint(text: str) -> str:
    """16 hexadecimal digits that name a normalised statement, the same in every process and release."""
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()


def _shown(match: re.Match[str]) -> str:
    if match["space"] is not None:
        return " "
    return "?" if match["value"] is not None else match[0]
