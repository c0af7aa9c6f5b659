"""Which loggers write from which level on: by the settings, and as an operator changed them since.

A rule holds for a logger and all below it (`service.core` for `service.core.tasks`); the longest one wins.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from service.core.settings import LogSettings

ROOT: Final = "root"
"""The rule of every logger without one of its own."""
_FIVE = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
NUMBERS: Final = {name: logging.getLevelNamesMapping()[name] for name in _FIVE}
NAMES: Final = {number: name for name, number in NUMBERS.items()}
MOST_RULES: Final = 100
"""Changed at run time."""
_MOST_RESOLVED: Final = 2_000


@dataclass(frozen=True, slots=True)
class Rule:
    """The level of a logger and those below it; `setting` and `changed` are None where there is none."""

    logger: str
    setting: str | None
    changed: str | None

    @property
    def level(self) -> str | None:
        """What holds."""
        return self.changed or self.setting


class Levels:
    """The rules of this process; asking takes one look-up."""

    def __init__(self) -> None:
        self._settings: dict[str, str] = {ROOT: "INFO"}
        self._changed: dict[str, str] = {}
        self._resolved: dict[str, int] = {}
        self._heard: list[Callable[[], None]] = []
        self._names: set[str] = set()

    def configure(self, settings: LogSettings) -> None:
        """Take the settings' rules; what was changed at run time is forgotten."""
        before = {*self._settings, *self._changed}
        self._settings = {**settings.levels, ROOT: settings.level}
        self._changed = {}
        self._apply(before | {*self._settings})

    def change(self, logger: str, level: str | None) -> None:
        """Set the level of a logger and those below it; None: what the settings say holds again.

        Raises `ValueError` for too many rules.
        """
        changed = {name: rule for name, rule in self._changed.items() if name != logger}
        if level is not None:
            changed[logger] = level
        if len(changed) > MOST_RULES:
            raise ValueError(f"at most {MOST_RULES} loggers can have a level of their own")
        self._changed = changed
        self._apply({logger})

    def on_change(self, heard: Callable[[], None]) -> None:
        """Call this whenever a rule has changed."""
        self._heard.append(heard)

    def shows(self, logger: str, number: int) -> bool:
        """Whether a line of this level (as in `logging`) is written."""
        least = self._resolved.get(logger)
        return number >= (self._resolve(logger) if least is None else least)

    def level_of(self, logger: str) -> str:
        """The level that holds for a logger."""
        return NAMES[self._resolve(logger)]

    def rule(self, logger: str) -> Rule:
        """The rule of exactly this logger, empty where it has none."""
        return Rule(logger, self._settings.get(logger), self._changed.get(logger))

    def rules(self) -> list[Rule]:
        """Every rule, that of all others first, then by name."""
        names = sorted({*self._settings, *self._changed} - {ROOT})
        return [self.rule(name) for name in (ROOT, *names)]

    def add(self, logger: str) -> None:
        """Note that there is such a logger."""
        self._names.add(logger)

    def known(self) -> set[str]:
        """The loggers there are, and what stands above them."""
        names = {ROOT, *self._settings, *self._names, *logging.root.manager.loggerDict}
        return {part for name in names for part in _above(name)}

    def _resolve(self, logger: str) -> int:
        rules = {**self._settings, **self._changed}
        found = next((rules[name] for name in _above(logger) if name in rules), rules[ROOT])
        if len(self._resolved) < _MOST_RESOLVED:
            self._resolved[logger] = NUMBERS[found]
        return NUMBERS[found]

    def _apply(self, loggers: set[str]) -> None:
        for name in loggers - {ROOT}:  # libraries ask the standard logging before they hand a line on
            level = self.rule(name).level
            logging.getLogger(name).setLevel(level or logging.NOTSET)
        self._resolved = {}
        for heard in self._heard:
            heard()


def _above(name: str) -> Iterator[str]:
    """The name itself and, from the nearest on, what stands above it."""
    while name:
        yield name
        name = name.rpartition(".")[0]


LEVELS: Final = Levels()
"""Those of this process."""
