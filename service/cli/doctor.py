"""doctor: settings, folders, database, cache, mail, upstreams; what to do about each thing that is wrong."""

import typer

from service.attendance.upstream.client import FrappeClient
from service.attendance.upstream.sites import probe
from service.cli.cache_findings import cache_finding
from service.cli.database_findings import database_findings
from service.cli.gartan_findings import NONE as NO_STATIONS
from service.cli.gartan_findings import gartan_findings
from service.cli.mill_findings import NONE as NO_MILL
from service.cli.mill_findings import mill_findings
from service.cli.stopping import run
from service.cli.surroundings import folder_findings, mail_finding
from service.cli.words import out, sentences
from service.core.errors import ServiceError
from service.core.findings import Finding
from service.core.settings import Settings, every_setting, load_settings
from service.core.telemetry import configure_logs


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(doctor)


def doctor() -> None:
    """Check settings and all they name; say what to do about what is wrong (then exit code 1)."""
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
    well = _tell("folder", folder_findings(settings))
    well = _tell("database", await database_findings(settings)) and await _mill(settings) and well
    well = _tell("cache", [await cache_finding(settings)]) and well
    well = _tell("mail", [await mail_finding(settings)]) and well
    if settings.upstream.gartan.stations:
        well = _tell("stations", await gartan_findings(settings)) and well
    else:
        out.print(NO_STATIONS)
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


async def _mill(settings: Settings) -> bool:
    """How its data stand, where they are kept here."""
    if "mill" not in settings.desks:
        return True
    found = await mill_findings(settings)
    if not found:
        out.print(NO_MILL)
    return _tell("mill", found)


def _tell(part: str, findings: "list[Finding] | tuple[Finding, ...]") -> bool:
    for finding in findings:
        out.print(f"{part}: {'well' if finding.well else 'WRONG'}: {finding.sentence}", markup=False)
    return all(finding.well for finding in findings)


def _value_of(settings: Settings, name: str) -> object:
    value: object = settings
    for part in name.removeprefix("MUSTER_").lower().split("__"):
        value = getattr(value, part)
    return value
