"""The scopes of the house without those that the small desks of some tests bring into the process."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from service.core.auth import SCOPES

_SMALL_DESKS: Final = ("stall", "ward")


def is_ours(scope: str) -> bool:
    """Whether a scope is the product's own."""
    return scope.partition(":")[0] not in _SMALL_DESKS


@contextmanager
def ours_alone() -> Iterator[None]:
    """As long as it lasts there are no other scopes."""
    others = {scope: SCOPES.pop(scope) for scope in list(SCOPES) if not is_ours(scope)}
    try:
        yield
    finally:
        SCOPES.update(others)
