"""The environment, read once into frozen models (prefix `MUSTER_`, groups joined with `__`).

Every setting has a description here and a line in `.env.example`; a test keeps the two equal.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import AnyHttpUrl, BaseModel, Field, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, SettingsConfigDict

from service.core.settings.groups import (
    AccessSettings,
    CacheSettings,
    ChildrenSettings,
    CrewSettings,
    DatabaseSettings,
    DeliverySettings,
    FlagSettings,
    FrappeSettings,
    GartanSettings,
    GartanStation,
    Group,
    LogSettings,
    MemorySettings,
    MillSettings,
    MonitoringSettings,
    TaskSettings,
    UpstreamSettings,
)

__all__ = [
    "PREFIX",
    "AccessSettings",
    "BadSettings",
    "CacheSettings",
    "ChildrenSettings",
    "CrewSettings",
    "DatabaseSettings",
    "DeliverySettings",
    "FlagSettings",
    "FrappeSettings",
    "GartanSettings",
    "GartanStation",
    "LogSettings",
    "MillSettings",
    "MonitoringSettings",
    "Setting",
    "Settings",
    "TaskSettings",
    "UpstreamSettings",
    "every_setting",
    "load_settings",
]

PREFIX = "MUSTER_"
SHORTEST_SECRET = 32
"""Characters: who guesses a secret key signs tokens for anybody (children spec E1)."""


class BadSettings(Exception):
    """The environment cannot be used; `problems` holds one sentence for each bad setting."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("; ".join(problems))


class Settings(BaseSettings):
    """All settings of one process."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", frozen=True, extra="forbid", env_file=None
    )

    home: Path = Field(Path(".muster"), description="Folder of the embedded database and its secrets")
    host: str = Field("127.0.0.1", description="Address to listen on")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on")
    workers: int = Field(1, ge=1, le=64, description="Processes that answer requests on that port")
    max_in_flight: int = Field(
        20, ge=1, le=10_000, description="Requests of a process worked on at once; others wait their turn"
    )
    max_wait: float = Field(1, gt=0, le=60, description="Seconds a request may wait for its turn before 503")
    public_url: AnyHttpUrl | None = Field(None, description="Address people use, when behind a proxy")
    allowed_hosts: tuple[str, ...] = Field(("*",), description="Host names answered, as a JSON list")
    secret_keys: tuple[SecretStr, ...] = Field(
        (), description="JSON list; the first signs, all verify; made under HOME with the embedded database"
    )
    desks: tuple[str, ...] = Field(
        ("attendance", "children", "crew", "mill"), description="Desks that run, as a JSON list"
    )
    database: DatabaseSettings = DatabaseSettings()
    upstream: UpstreamSettings = UpstreamSettings()
    cache: CacheSettings = CacheSettings()
    tasks: TaskSettings = TaskSettings()
    delivery: DeliverySettings = DeliverySettings()
    access: AccessSettings = AccessSettings()
    children: ChildrenSettings = ChildrenSettings()
    crew: CrewSettings = CrewSettings()
    mill: MillSettings = MillSettings()
    memory: MemorySettings = MemorySettings()
    flags: FlagSettings = FlagSettings()
    monitoring: MonitoringSettings = MonitoringSettings()
    log: LogSettings = LogSettings()


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting as the environment names it."""

    name: str
    default: Any
    description: str
    secret: bool


def every_setting(model: type[BaseModel] = Settings, prefix: str = PREFIX) -> Iterator[Setting]:
    """All settings, groups opened, in the order of this file."""
    for name, field in model.model_fields.items():
        path = f"{prefix}{name.upper()}"
        if isinstance(field.annotation, type) and issubclass(field.annotation, Group):
            yield from every_setting(field.annotation, f"{path}__")
        else:
            secret = "SecretStr" in repr(field.annotation) or "SecretStr" in repr(field.metadata)
            yield Setting(path, field.get_default(), _text(field), secret)


def _text(field: FieldInfo) -> str:
    return field.description or ""


def load_settings(environment: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
    """Read the environment.

    Raises `BadSettings` naming every unknown and every unusable setting at once.
    """
    problems = list(_unknown_names(os.environ if environment is None else environment))
    try:
        settings = Settings(**overrides) if environment is None else _from_mapping(environment, overrides)
    except ValidationError as error:
        raise BadSettings(problems + [_sentence(entry) for entry in error.errors()]) from None
    problems += _contradictions(settings)
    if problems:
        raise BadSettings(problems)
    return settings


def _from_mapping(environment: Mapping[str, str], overrides: dict[str, Any]) -> Settings:
    saved = dict(os.environ)
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        del os.environ[name]
    os.environ.update({k: v for k, v in environment.items() if k.startswith(PREFIX)})
    try:
        return Settings(**overrides)
    finally:
        os.environ.clear()
        os.environ.update(saved)


def _unknown_names(environment: Mapping[str, str]) -> Iterator[str]:
    # pydantic-settings does not look at names it has no field for, so a typo would pass in silence.
    known = {setting.name for setting in every_setting()} | {f"{PREFIX}PROVE", f"{PREFIX}KEY"}
    for name in sorted(environment):
        if name.startswith(PREFIX) and name not in known:
            near = get_close_matches(name, known, n=1)
            yield f"{name} is not a setting" + (f"; did you mean {near[0]}?" if near else "")


def _sentence(error: Any) -> str:
    name = PREFIX + "__".join(str(part).upper() for part in error["loc"])
    is_address = error["type"] in ("url_parsing", "url_scheme")
    return (
        f"{name}: {'write the whole address, such as https://hr.example.com' if is_address else error['msg']}"
    )


def _contradictions(settings: Settings) -> Iterator[str]:
    frappe = settings.upstream.frappe
    if frappe.url is not None:
        for field in ("key", "secret", "time_zone"):
            if getattr(frappe, field) is None:
                yield f"{PREFIX}UPSTREAM__FRAPPE__{field.upper()} is required with …__URL"
    yield from _without_login(settings.upstream.gartan)
    if frappe.max_page < frappe.page:
        yield f"{PREFIX}UPSTREAM__FRAPPE__MAX_PAGE must not be below …__PAGE"
    if settings.database.url is not None and not settings.secret_keys:
        yield f'{PREFIX}SECRET_KEYS is required with {PREFIX}DATABASE__URL, such as ["32 random characters"]'
    if any(len(key.get_secret_value()) < SHORTEST_SECRET for key in settings.secret_keys):
        yield f"{PREFIX}SECRET_KEYS: each has at least {SHORTEST_SECRET} random characters"


def _without_login(gartan: GartanSettings) -> Iterator[str]:
    for at, station in enumerate(gartan.stations):
        for field in ("url", "username", "password"):
            if getattr(station, field) is None and getattr(gartan, field) is None:
                yield (
                    f"{PREFIX}UPSTREAM__GARTAN__{field.upper()} is required with …__STATIONS"
                    f" (station {at + 1}, {station.code}, has none of its own)"
                )
    if len({station.code for station in gartan.stations}) < len(gartan.stations):
        yield f"{PREFIX}UPSTREAM__GARTAN__STATIONS names a station twice"
    if gartan.url is not None and not gartan.stations:
        yield f"{PREFIX}UPSTREAM__GARTAN__STATIONS is required with …__URL"
