"""doctor: settings, database, cache and upstream, and what to do about each thing that is wrong."""

import typer

from service.attendance.upstream.client import FrappeClient
from service.attendance.upstream.sites import Finding, probe
from service.cli.stopping import run
from service.cli.words import database_sentence, out, sentences
from service.core.cache import open_cache
from service.core.errors import ServiceError
from service.core.runtime import open_database
from service.core.settings import BadSettings, Settings, every_setting, load_settings
from service.core.telemetry import configure_logs


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(doctor)


def doctor() -> None:
    """Check settings, database, cache and upstream; say what to do about what is wrong (then exit code 1)."""
    settings = load_settings()
    _show(settings)
    if not run(_examine(settings)):
        raise typer.Exit(1)


def _show(settings: Settings) -> None:
    out.print("settings:")
    for setting in every_setting():
        value = _value_of(settings, setting.name)
        shown = "********" if setting.secret and value not in (None, ()) else value
        out.print(f"  {setting.name} = {shown}", markup=False)


async def _examine(settings: Settings) -> bool:
    configure_logs(settings.log.model_copy(update={"level": "CRITICAL"}))  # what is wrong is said here
    well = _tell("database", [await _database(settings)])
    well = _tell("cache", [await _cache(settings)]) and well
    if settings.upstream.frappe.url is None:
        out.print("upstream: none is set; MUSTER_UPSTREAM__FRAPPE__URL names the Frappe HR site to read")
        return well
    client = FrappeClient(settings.upstream.frappe)
    try:
        report = await probe(client)
    except ServiceError as error:
        return _tell("upstream", [Finding("probe", False, " ".join(sentences(error)))]) and well
    finally:
        await client.close()
    return _tell("upstream", report.findings) and well


async def _database(settings: Settings) -> Finding:
    try:
        async with open_database(settings, beside_owner=True) as (database, _), database.read() as conn:
            version = (await conn.exec_driver_sql("SHOW server_version")).scalar_one()
    except ServiceError as error:
        return Finding("database", False, error.detail)
    except Exception as error:
        sentence = database_sentence(error)
        if sentence is None:
            raise
        return Finding("database", False, sentence)
    kind = "embedded" if settings.database.url is None else "given"
    return Finding("database", True, f"{kind}, PostgreSQL {version}, at the newest schema")


async def _cache(settings: Settings) -> Finding:
    try:
        cache = open_cache(settings.cache)
    except BadSettings as error:
        return Finding("cache", False, "; ".join(error.problems))
    standing = await cache.store.probe(5)
    await cache.close()
    if standing.kind == "memory":
        entries, size = settings.cache.max_entries, settings.cache.max_bytes / 2**20
        return Finding("cache", True, f"in memory, {entries:,} entries and {size:,.0f} MiB at most")
    if not standing.well:
        remedy = "answers are built from the database meanwhile; MUSTER_CACHE__URL says where it should be"
        return Finding("cache", False, f"{standing.address}: {standing.reason}; {remedy}")
    return Finding("cache", True, f"{standing.address} answers" + _after(standing.advice))


def _after(advice: str | None) -> str:
    return "" if advice is None else f"; {advice}"


def _tell(part: str, findings: "list[Finding] | tuple[Finding, ...]") -> bool:
    for finding in findings:
        out.print(f"{part}: {'well' if finding.well else 'WRONG'}: {finding.sentence}", markup=False)
    return all(finding.well for finding in findings)


def _value_of(settings: Settings, name: str) -> object:
    value: object = settings
    for part in name.removeprefix("MUSTER_").lower().split("__"):
        value = getattr(value, part)
    return value
