"""How the two levels share what the settings allow: together they never hold more."""

from typing import NamedTuple

from service.core.settings import CacheSettings


class Budget(NamedTuple):
    """So many entries and bytes."""

    entries: int
    bytes: int


def budgets(settings: CacheSettings) -> tuple[Budget, Budget]:
    """What the finished answers and what the shared data may take: half each.

    A hit of the first level needs nothing of the second one, and what both hold of a report is about equal.
    """
    second = Budget(settings.max_entries // 2, settings.max_bytes // 2)
    return Budget(settings.max_entries - second.entries, settings.max_bytes - second.bytes), second
