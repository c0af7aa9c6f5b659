"""Which loggers write from which level on."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from service.schemas.envelope import Ask, Wire

Level = Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]


class LoggerLevel(Wire):
    """A logger and its level; a rule of its own comes before those of the names it begins with."""

    logger: str = Field(description="`root` stands for all that have no rule.")
    level: Level = Field(description="What holds.")
    setting: Level | None = Field(None, description="The setting for exactly this logger.")
    changed: Level | None = Field(None, description="What was set for it at run time.")


class LoggerLevels(Wire):
    """The loggers of the process that answered."""

    items: list[LoggerLevel]


class ChangedLevel(LoggerLevel):
    """A level as it is after the change."""

    announced: bool = Field(
        description="Whether the other processes of the installation were told. Those that start later, or "
        "have no connection to the database now, go by their settings."
    )


class LevelAsk(Ask):
    """Set a level, or give it back to the settings."""

    level: Level | None = Field(description="Null: what the settings say holds again.")
