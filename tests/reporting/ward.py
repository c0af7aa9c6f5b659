"""A desk where not everybody sees everybody: patients, each seen by those who look after them."""

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Select, Text, column, select, table, text

from service.core.auth import SCOPES, Caller
from service.core.database import Database, ReadConnection
from service.core.errors import NotFound
from service.reporting import BuildContext, Built, Completeness, Desk, Report, Streamed
from service.reporting.subjects import Subjects, nobody
from service.schemas.envelope import Ask, Explanation, Wire
from tests.reporting.ledger import THROUGH

SCOPES.setdefault("ward:read", "see the ward")
SCOPES.setdefault("ward:write", "also sign for the ward")
SCOPES.setdefault("ward:count", "see how many there are")

TABLES = (
    "CREATE SCHEMA ward",
    "CREATE TABLE ward.care (nurse text, patient bigint)",
    "CREATE TABLE ward.reading (nurse text, what text, about bigint[])",
    "INSERT INTO ward.care VALUES ('key:anna0000', 1), ('key:bert0000', 2)",
    """INSERT INTO muster.api_key (id, name, secret_hash, scopes, created_by)
       SELECT name, name, sha256(name::bytea), '{ward:read,ward:write}', 'system'
       FROM unnest(ARRAY['anna0000', 'bert0000']) AS name""",
)
GLASS = UUID(int=1)
_CARE = table("care", column("nurse", Text), column("patient", BigInteger), schema="ward")


class PatientAsk(Ask):
    """Whose temperature."""

    patient: int


class Temperature(Wire):
    """One measurement."""

    patient: int
    degrees: str


def seen(caller: Caller) -> Select[int]:
    """The patients of a nurse."""
    return select(_CARE.c.patient).where(_CARE.c.nurse == caller.id)


async def note(database: Database, caller: Caller, what: str, about: Sequence[int]) -> None:
    """Who read whom."""
    async with database.write() as conn:
        statement = text("INSERT INTO ward.reading VALUES (:who, :what, :about)")
        await conn.execute(statement, {"who": caller.id, "what": what, "about": list(about)})


async def one_patient(conn: ReadConnection, params: Any, context: BuildContext) -> Sequence[int]:
    """The patient asked for."""
    if params.patient not in set((await conn.execute(seen(context.caller))).scalars()):
        raise NotFound("there is no such patient, or you may not see them")
    return (params.patient,)


async def own_patients(conn: ReadConnection, _: object, context: BuildContext) -> Sequence[int]:
    """All of the nurse."""
    return list((await conn.execute(seen(context.caller))).scalars())


async def admit_signing(_conn: ReadConnection, _caller: Caller, _ids: Sequence[int]) -> None:
    """Whoever sees somebody of the ward may sign what is about them."""


async def is_own(_: ReadConnection, caller: Caller, channel: str, target: str) -> bool:
    """A mail with the nurse's name."""
    return channel == "email" and target.startswith(caller.id.removeprefix("key:"))


def _built(rows: Sequence[dict[str, Any]]) -> Built:
    return Built(rows=rows, completeness=Completeness(complete=True, as_of=THROUGH))


async def build_curve(_: ReadConnection, asked: PatientAsk, __: BuildContext) -> Built:
    """Protected by nothing but `whom`."""
    return _built([{"patient": asked.patient, "degrees": "38.5"}])


async def stream_curve(conn: ReadConnection, asked: PatientAsk, context: BuildContext) -> Streamed:
    """The same in a block."""
    built = await build_curve(conn, asked, context)

    async def blocks() -> AsyncIterator[Sequence[Any]]:
        yield built.rows

    return Streamed(built=_built([]), blocks=blocks(), total=1)


async def build_round(conn: ReadConnection, asked: Ask, context: BuildContext) -> Built:
    """Everybody of the nurse."""
    return _built([{"patient": one, "degrees": "36.6"} for one in await own_patients(conn, asked, context)])


async def build_count(_: ReadConnection, __: Ask, ___: BuildContext) -> Built:
    """Nobody in particular."""
    return _built([{"patient": 0, "degrees": "37.0"}])


async def explain(_: ReadConnection, __: PatientAsk, ___: BuildContext) -> Explanation:
    """As measured."""
    return Explanation(subject="a patient", value=38.5, unit="°C", rule="measured", rule_version="ward/1")


_SAME: dict[str, Any] = {
    "description": "Degrees.",
    "row": Temperature,
    "scope": lambda _: ("ward/temperatures",),
    "lifetime": timedelta(minutes=15),
    "key": ("patient",),
}
_EXAMPLE = {"params": {}, "items": [{"patient": 1, "degrees": "38.5"}]}
CURVE = Report(
    name="curve", title="Curve", params=PatientAsk, build=build_curve, stream=stream_curve, whom=one_patient,
    explain=explain, explain_params=PatientAsk,
    explain_example={"params": {"patient": 1}, "answer": {}}, example=_EXAMPLE | {"params": {"patient": 1}},
    **_SAME,
)  # fmt: skip
ROUND = Report(
    name="round", title="Round", params=Ask, build=build_round, whom=own_patients, example=_EXAMPLE, **_SAME
)
COUNT = Report(
    name="count", title="Count", params=Ask, build=build_count, whom=nobody, reads="ward:count",
    example=_EXAMPLE, **_SAME,
)  # fmt: skip
WARD = Desk(
    name="ward",
    title="Ward",
    description="How warm patients are.",
    reports=(CURVE, ROUND, COUNT),
    scopes=("ward:read", "ward:write", "ward:count"),
    subjects=Subjects(seen=seen, versions="patient", note=note, is_own=is_own, admit_signing=admit_signing),
)


async def set_up(database: Database) -> None:
    """Anna looks after patient 1, Bert after patient 2; nobody after 3."""
    async with database.write() as conn:
        for statement in TABLES:
            await conn.execute(text(statement))
