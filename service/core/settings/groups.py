"""The groups of settings, each a frozen model; `Settings` joins them."""

from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, AnyHttpUrl, BaseModel, ConfigDict, Field, SecretStr


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


def _resolution(minutes: int) -> int:
    if minutes not in (5, 10, 15, 30, 60):
        raise ValueError("must be 5, 10, 15, 30 or 60 minutes")
    return minutes


DatabaseUrl = Annotated[SecretStr, AfterValidator(_asyncpg_url)]
CacheUrl = Annotated[SecretStr, AfterValidator(_cache_url)]
MailUrl = Annotated[SecretStr, AfterValidator(_mail_url)]
Zone = Annotated[str, AfterValidator(_known_zone)]
Resolution = Annotated[int, AfterValidator(_resolution)]
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


class GartanStation(Group):
    """A fire station as Gartan knows it. What it leaves out is that of the installation."""

    code: str = Field(min_length=1, max_length=20, pattern=r"^[A-Za-z0-9_-]+$")
    name: str | None = None
    brigade_id: int = Field(ge=0)
    brigade_name: str | None = None
    time_zone: Zone = "Europe/London"
    url: AnyHttpUrl | None = None
    username: str | None = None
    password: SecretStr | None = None


class GartanSettings(Group):
    """Gartan Availability, where a station's grid comes from (crew spec D.9)."""

    url: AnyHttpUrl | None = Field(None, description="Address of the tenant; unset: no upstream")
    username: str | None = Field(None, description="User of that tenant, required with URL")
    password: SecretStr | None = Field(None, description="Password of that user, required with URL")
    stations: tuple[GartanStation, ...] = Field(
        (),
        description="JSON list of stations: code, brigade_id; name, brigade_name, time_zone, url, username, "
        "password where they differ",
    )
    body: Literal["literal", "json"] = Field(
        "literal", description="How the grid is asked for: `literal`, as the site's own script, or `json`"
    )
    resolution: Resolution = Field(15, description="Minutes of a slot that are asked for")
    poll_seconds: float = Field(300, ge=0, description="Seconds between looks at the next days; 0: none")
    comprehensive_hour: int = Field(6, ge=0, le=23, description="Local hour of the daily look ahead")
    days_update: int = Field(3, ge=1, le=60, description="Days from today that each look covers")
    days_startup: int = Field(7, ge=1, le=60, description="The same where nothing is known yet")
    days_comprehensive: int = Field(14, ge=1, le=60, description="The same of the daily look ahead")
    fresh_today: float = Field(300, ge=0, description="Seconds for which today's grid is fresh")
    fresh_tomorrow: float = Field(3600, ge=0, description="The same of tomorrow's")
    fresh_later: float = Field(86_400, ge=0, description="The same of days after tomorrow")
    final_grace: float = Field(1800, ge=0, description="Seconds after a day's end from which it is final")
    total_timeout: float = Field(30, gt=0, description="Seconds one call may take in all")
    connect_timeout: float = Field(10, gt=0, description="Seconds to connect")
    max_in_flight: int = Field(2, ge=1, le=10, description="Calls at once")
    spacing: float = Field(0.5, ge=0, description="Seconds between the starts of two calls at least")
    retries: int = Field(2, ge=0, description="Repeats of a call that failed in passing")
    backoff: float = Field(1, ge=0, description="Seconds before the first repeat, doubling, give or take 1/4")
    session_seconds: float = Field(1800, gt=0, description="Seconds after which the session is made anew")
    run_deadline: float = Field(240, gt=0, description="Seconds a run may take")


class UpstreamSettings(Group):
    """Other people's systems."""

    frappe: FrappeSettings = FrappeSettings()
    gartan: GartanSettings = GartanSettings()


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


class AccessSettings(Group):
    """People: how they register and sign in, and how much they may ask for."""

    registration: bool = Field(True, description="Whether parents and professionals may register themselves")
    access_token_minutes: int = Field(15, ge=1, le=30, description="Minutes an access token lives")
    refresh_days: int = Field(7, ge=1, description="Days after which an unused refresh token ends")
    refresh_longest_days: int = Field(30, ge=1, description="Days after which one signs in again in any case")
    login_attempts: int = Field(5, ge=1, description="Wrong passwords after which an account is locked")
    lock_minutes: int = Field(30, ge=1, description="Minutes it stays locked")
    person_per_minute: int = Field(100, ge=0, description="Requests of a person in a minute; 0: no limit")
    key_per_minute: int = Field(0, ge=0, description="Requests of a key in a minute; 0: no limit")
    exports_per_minute: int = Field(
        20, ge=0, description="Exports in a minute of a person, or of a key that has a limit; 0: no limit"
    )
    audit_months: int = Field(24, ge=1, description="Months the audit is kept")


class ChildrenSettings(Group):
    """The children's desk."""

    policy_version: str = Field("2026-01", description="Version of the privacy policy that consents are for")
    consent_age: int = Field(16, ge=13, le=18, description="Age at which a child decides itself; flagged")
    open_session_hours: int = Field(24, ge=1, description="Hours after which an open session is interrupted")
    erasure_grace_days: int = Field(30, ge=0, description="Days in which an erasure can be cancelled")
    export_hours: int = Field(24, ge=1, description="Hours an export can be downloaded")
    smallest_group: int = Field(10, ge=2, description="Children that a figure over all needs at least")
    demo: bool = Field(True, description="Whether `muster demo` brings families of its own")


class CrewSettings(Group):
    """The crew desk (crew spec D.9)."""

    officer_roles: tuple[str, ...] = Field(
        ("WC", "CM", "CC", "FFC"), description="Roles that count as officer"
    )
    officer_skills: tuple[str, ...] = Field(("TTR", "IC"), description="Skills that count as officer")
    driver_skills: tuple[str, ...] = Field(("LGV", "ERD"), description="Skills that count as driver")
    enforced_rule: Literal["p22p6", "p22p6_2025", "grid"] = Field(
        "p22p6", description="What a crew has to bring where an appliance has no rules of its own"
    )
    codes: dict[str, str] = Field(
        {
            "O": "off", "W": "work", "F": "incident", "S": "sick", "SL": "sick", "AL": "annual leave",
            "H": "holiday", "T": "training", "TR": "training", "C": "course",
        },
        description="Reason codes of the grid and what they mean, as a JSON object",
    )  # fmt: skip
    keep_pages_days: int = Field(0, ge=0, description="Days for which raw pages are kept; 0: none")
    keep_segments_months: int = Field(13, ge=1, description="Months for which days are kept")
    keep_snapshots_days: int = Field(90, ge=1, description="Days for which superseded looks are kept")
    warn_hours: int = Field(
        24, ge=0, le=168, description="Hours ahead that a gap is told of; 0: nobody is told"
    )
    demo: bool = Field(True, description="Whether `muster demo` has two made-up fire stations")


class MillSettings(Group):
    """The mill desk (spec E)."""

    time_zone: Zone = Field("America/New_York", description="IANA zone of the mill: its days and weeks")
    inbox: Path | None = Field(
        None, description="Folder whose files are imported as they appear; unset: none"
    )
    inbox_seconds: int = Field(60, ge=5, le=86_400, description="Seconds between looks at that folder")
    plan_at: str = Field(
        "10 5 * * *",
        description="Cron expression of the plan of each day, on the clock of TIME_ZONE; empty: none",
    )
    keep_plans_days: int = Field(400, ge=1, description="Days for which planning runs are kept")
    keep_history_days: int = Field(800, ge=1, description="Days for which stocks of each import are kept")
    demo: bool = Field(True, description="Whether `muster demo` has a made-up mill")


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
