"""Compiled statements that the engines of a process share: each test opens one, and all speak the same SQL."""

from typing import Any, Final

from sqlalchemy.util import LRUCache


class Compiled(LRUCache[Any, Any]):
    """An engine's cache of statements whose key names the kind of dialect instead of the engine's own.

    Every engine has a dialect of its own, and compiling was a tenth of the time of tests over the service.
    """

    def __getitem__(self, key: tuple[Any, ...]) -> Any:
        return super().__getitem__(_for_all(key))

    def get(self, key: tuple[Any, ...], default: Any = None) -> Any:
        """As of a dictionary."""
        return super().get(_for_all(key), default)

    def __setitem__(self, key: tuple[Any, ...], value: Any) -> None:
        super().__setitem__(_for_all(key), value)


def _for_all(key: tuple[Any, ...]) -> tuple[Any, ...]:
    dialect, *rest = key
    return (type(dialect), *rest)


COMPILED: Final = Compiled(4000)
