"""Why an answer is not complete, for what has no room for `meta`: headers, terminals, refusals."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

MOST_REASONS: Final = 10
LONGEST_REASON: Final = 300
"""Characters. Servers in between take some 8 KiB of headers."""
_PRINTABLE: Final = "".join(map(chr, range(0x20, 0x7F))).replace("%", "").replace('"', "")


def reasons_of(meta: Mapping[str, Any]) -> list[str]:
    """The reasons of a `meta`, then its open gaps as sentences; empty where it is complete."""
    return [*meta["incomplete_reasons"], *map(_gap, meta["gaps"])]


def completeness_headers(complete: bool, reasons: Sequence[str] = ()) -> dict[str, str]:
    """`Data-Complete`, and `Incomplete-Reasons` as a list of Display Strings (RFC 9651)."""
    if complete or not reasons:
        return {"Data-Complete": "true" if complete else "false"}
    told = [_display(reason) for reason in reasons[:MOST_REASONS]]
    if len(reasons) > MOST_REASONS:
        told.append(_display(f"and {len(reasons) - MOST_REASONS} more"))
    return {"Data-Complete": "false", "Incomplete-Reasons": ", ".join(told)}


def _gap(gap: Mapping[str, Any]) -> str:
    when = "".join(f" {end} {gap[end]}" for end in ("from", "to") if gap[end] is not None)
    return f"needed: {gap['need']}{when}; there is: {gap['have']}"


def _display(text: str) -> str:
    short = text if len(text) <= LONGEST_REASON else text[: LONGEST_REASON - 1] + "…"
    encoded = "".join(
        letter if letter in _PRINTABLE else quote(letter, safe="", errors="replace").lower()
        for letter in short
    )
    return f'%"{encoded}"'
