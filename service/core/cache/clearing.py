"""An operator's "forget": a version of its own, so that every replica hears of it as it hears of commits.

Raising the scope of a namespace makes what a shared store keeps under the old version unreachable, and tells
each process to drop what it holds in memory.
"""

from collections.abc import Iterable, Iterator
from typing import Final

EVERYTHING: Final = "cache"
"""The scope that clears all namespaces."""


def scope_of(namespace: str | None) -> str:
    """The scope to raise for a namespace; None: for all."""
    return EVERYTHING if namespace is None else f"{EVERYTHING}/{namespace}"


def cleared(scopes: Iterable[str]) -> Iterator[str | None]:
    """The namespaces that these raised scopes clear; None stands for all."""
    for scope in scopes:
        head, slash, namespace = scope.partition("/")
        if head == EVERYTHING:
            yield namespace if slash else None
