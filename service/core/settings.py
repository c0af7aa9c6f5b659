"""The environment, read once into frozen models (prefix `MUSTER_`, groups joined with `__`).

Every setting has a description here and a line in `.env.example`; a test keeps the two equal.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, AnyHttpUrl, BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "MUSTER_"


class BadSettings(Exception):
    """The environment cannot be used; `problems` holds one sentence for each bad setting."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("; ".join(problems))


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # OSError: a folder of zones
        raise ValueError(f"{name!r} is not an IANA time zone such as America/Mexico_City") from error
    return name


def _asyncpg_url(url: SecretStr) -> SecretStr:
    text = url.get_secret_value()
    for scheme in ("postgresql://", "postgres://"):
        if text.startswith(scheme):
            return SecretStr("postgresql+asyncpg://" + text.removeprefix(scheme))
    if not text.startswith("postgresql+asyncpg://"):
        raise ValueError("must start with postgresql+asyncpg://")
    return url


def _mail_url(url: SecretStr) -> SecretStr:
    try:
        parts = urlsplit(url.get_secret_value())
        usable = parts.scheme in ("smtp", "smtps") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number
        usable = False
    if not usable:
        raise ValueError("must be like smtp://host:587 or smtps://user:password@host:465")
    return url


def _cache_url(url: SecretStr) -> SecretStr:
    try:
        parts = urlsplit(url.get_secret_value())
        kind = parts.scheme.replace("valkey", "redis")
        usable = bool(parts.hostname) and parts.port != 0 if kind in ("redis", "rediss") else kind == "unix"
    except ValueError:  # a port that is no number
        usable = False
    if not usable:
        raise ValueError("must be like redis://host:6379/0, rediss://:password@host:6379 or unix:///socket")
    return url


DatabaseUrl = Annotated[SecretStr, AfterValidator(_asyncpg_url)]
CacheUrl = Annotated[SecretStr, AfterValidator(_cache_url)]
MailUrl = Annotated[SecretStr, AfterValidator(_mail_url)]
Zone = Annotated[str, AfterValidator(_known_zone)]
Level = Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]


class Group(BaseModel):
    """A group of settings; unknown names inside it are refused by name."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class DatabaseSettings(Group):
    """Where the rows live and how many connections may be open at once."""

    url: DatabaseUrl | None = Field(None, description="PostgreSQL 15 or newer; unset: the embedded one")
    direct_url: DatabaseUrl | None = Field(
        None, description="Past PgBouncer, for LISTEN and jobs; unset: the same as URL"
    )
    read_url: DatabaseUrl | None = Field(None, description="A streaming replica for reports; unset: the same")
    pool_min: int = Field(2, ge=0, description="Connections that the pool clean-up leaves open")
    pool_idle: float = Field(300, ge=0, description="Seconds idle after which the clean-up closes one")
    pool_size: int = Field(20, ge=1, description="Connections kept")
    max_overflow: int = Field(30, ge=0, description="Connections beyond the pool size under load")
    timeout: float = Field(20, gt=0, description="Seconds to wait for a connection before 503")
    recycle: float = Field(1800, gt=0, description="Seconds after which a connection is renewed")
    idle_check: float = Field(30, ge=0, description="Seconds idle after which a connection is tested first")
    statement_timeout: float = Field(30, gt=0, description="Seconds a request's statement may take")
    lock_timeout: float = Field(10, gt=0, description="Seconds a statement may wait for a lock")
    idle_in_transaction: float = Field(60, gt=0, description="Seconds a transaction may lie idle")
    connect_timeout: float = Field(10, gt=0, description="Seconds to connect")
    command_timeout: float = Field(
        3600, ge=0, description="Seconds to wait for a server that says nothing more; 0: for ever"
    )
    statement_cache: int = Field(100, ge=0, description="Prepared statements kept; 0 behind PgBouncer")
    slow_statement: float = Field(0.5, gt=0, description="Seconds from which a statement is logged as slow")
    repeats: int = Field(20, ge=1, description="Times a request may repeat a statement before it is logged")


class FrappeSettings(Group):
    """The Frappe HR / ERPNext site that check-ins, leaves and people come from."""

    url: AnyHttpUrl | None = Field(None, description="The site's address; unset: no upstream")
    key: SecretStr | None = Field(None, description="API key of a user that may read HR documents")
    secret: SecretStr | None = Field(None, description="API secret of that user")
    time_zone: Zone | None = Field(None, description="Zone of the site's System Settings, required with URL")
    total_timeout: float = Field(30, gt=0, description="Seconds one call may take in all")
    connect_timeout: float = Field(10, gt=0, description="Seconds to connect")
    max_in_flight: int = Field(4, ge=1, le=20, description="Calls at once; the site serves 2-4 well")
    page: int = Field(100, ge=1, description="Rows of the first page")
    max_page: int = Field(1000, ge=1, description="Rows of a page at most")
    retries: int = Field(3, ge=0, description="Repeats of a call that failed in passing")
    overlap_seconds: int = Field(600, ge=0, description="How far an incremental sync looks back")
    poll_seconds: float = Field(10, ge=0, description="Seconds between incremental syncs; 0: none")
    reconcile_days: int = Field(45, ge=1, description="Days whose names are compared every night")
    hook_secret: SecretStr | None = Field(None, description="The site's webhook secret; unset: hook refused")


class UpstreamSettings(Group):
    """Other people's systems."""

    frappe: FrappeSettings = FrappeSettings()


class CacheSettings(Group):
    """Both cache levels."""

    url: CacheUrl | None = Field(None, description="Redis or Valkey; unset: memory")
    max_entries: int = Field(10_000, ge=0, description="Entries kept in memory, by both levels together")
    max_bytes: int = Field(64 * 1024 * 1024, ge=0, description="Bytes kept in memory, by both together")
    ttl: float = Field(300, gt=0, description="Seconds an answer lives at most")
    children_ttl: float = Field(600, gt=0, description="The same for what the children's desk computes")
    analytics_ttl: float = Field(900, gt=0, description="The same for analytics shared by several reports")
    poll: float = Field(5, gt=0, description="Seconds between looks at the data versions, beside NOTIFY")
    warm_seconds: float = Field(20, ge=0, description="Seconds that warming may take after a sync; 0: none")
    warm_at_once: int = Field(2, ge=1, description="Answers warmed at once")


class TaskSettings(Group):
    """Background jobs."""

    enabled: bool = Field(True, description="Whether this process runs jobs")
    heartbeat: float = Field(10, gt=0, description="Seconds after which a lost job is run again")
    concurrency: int = Field(4, ge=1, description="Jobs at once in this process")
    cache_cleanup: float = Field(7200, ge=0, description="Seconds between clean-ups of the caches; 0: none")
    pool_cleanup: float = Field(1800, ge=0, description="Seconds between clean-ups of the pool; 0: none")
    memory_cleanup: float = Field(3600, ge=0, description="Seconds between clean-ups of the memory; 0: none")


class DeliverySettings(Group):
    """Reports that are delivered on a schedule."""

    folder: Path | None = Field(None, description="Folder that reports are dropped into; unset: none are")
    private_targets: bool = Field(False, description="Whether webhooks may lead to private addresses")
    smtp_url: MailUrl | None = Field(
        None, description="smtp://user:password@host:587 or smtps://host:465; unset: mail is only logged"
    )
    sender: str = Field("muster@localhost", description="Address that mail comes from")
    total_timeout: float = Field(30, gt=0, description="Seconds one attempt at a webhook or mail may take")
    connect_timeout: float = Field(10, gt=0, description="Seconds to connect")
    max_in_flight: int = Field(4, ge=1, le=20, description="Deliveries at once")
    retries: int = Field(2, ge=0, description="Repeats of a webhook that failed in passing, within seconds")
    max_bytes: int = Field(
        25 * 1024 * 1024, ge=1, description="Bytes of a file sent by webhook or mail at most"
    )


class MemorySettings(Group):
    """How much this process may take."""

    gc_threshold: int = Field(
        500 * 1024 * 1024, ge=0, description="Bytes held from which memory is cleaned up at once"
    )


class FlagSettings(Group):
    """Optimisations: the share of callers (percent) that have each; answers are the same either way."""

    performance_optimizations_enabled: bool = Field(True, description="Master: off switches all of them off")
    response_cache: int = Field(100, ge=0, le=100, description="Finished answers kept in front of the routes")
    shared_cache: int = Field(100, ge=0, le=100, description="Computed data kept for several requests")
    warming: int = Field(100, ge=0, le=100, description="Answers rebuilt after a sync, before they are asked")
    compression: int = Field(100, ge=0, le=100, description="Bodies over 1 KiB compressed where accepted")
    read_replica: int = Field(100, ge=0, le=100, description="Reports read from DATABASE__READ_URL")


class MonitoringSettings(Group):
    """What the service notes about itself."""

    enabled: bool = Field(True, description="Whether samples, history and alerts are kept")
    instance: str | None = Field(None, description="Name of this installation's history; unset: the host's")
    sample_seconds: float = Field(10, gt=0, description="Seconds between samples")
    slow_request: float = Field(0.5, gt=0, description="Seconds from which a request is kept as slow")
    lag_bound: float = Field(1, gt=0, description="Seconds the event loop may lag before /livez says so")
    latency_objective: float = Field(0.2, gt=0, description="Seconds in which requests shall be answered")
    latency_share: float = Field(99, gt=0, lt=100, description="Percent of requests that shall meet it")
    heartbeat_url: AnyHttpUrl | None = Field(
        None, description="Asked at each look at the alerts, for a watchdog outside; unset: none"
    )


class LogSettings(Group):
    """What is written, and how."""

    level: Level = Field("INFO", description="Least level: DEBUG, INFO, WARNING, ERROR or CRITICAL")
    levels: dict[str, Level] = Field({}, description="Least level by logger and those below it, as JSON")
    format: Literal["auto", "json", "readable"] = Field("auto", description="auto: readable on a terminal")


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
    desks: tuple[str, ...] = Field(("attendance",), description="Desks that run, as a JSON list")
    database: DatabaseSettings = DatabaseSettings()
    upstream: UpstreamSettings = UpstreamSettings()
    cache: CacheSettings = CacheSettings()
    tasks: TaskSettings = TaskSettings()
    delivery: DeliverySettings = DeliverySettings()
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
    if frappe.max_page < frappe.page:
        yield f"{PREFIX}UPSTREAM__FRAPPE__MAX_PAGE must not be below …__PAGE"
    if settings.database.url is not None and not settings.secret_keys:
        yield f'{PREFIX}SECRET_KEYS is required with {PREFIX}DATABASE__URL, such as ["32 random characters"]'
