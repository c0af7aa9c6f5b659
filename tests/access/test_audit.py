"""The audit of E5: where a request came from, who read a child, its months, and that nothing changes it."""

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

import pytest
from sqlalchemy import text
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import IntegrityError

from service.access import audit, audited, jobs
from service.access.origin import truncated
from service.core.database import Database
from service.core.paging import Cursors, Paging
from service.schemas.audit import AuditAsk
from tests.children.house import House

INSERT = "INSERT INTO muster.audit (at, who, what, subject, child_id, child_ids) VALUES "


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2:3::4", "2001:db8:1::/48"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("", None),
        ("testclient", None),
    ],
)
def test_an_address_is_kept_as_its_network_only(address: str, network: str | None) -> None:
    assert truncated(address) == network


@pytest.mark.parametrize(
    "change",
    ["UPDATE muster.audit SET who = 'nobody'", "DELETE FROM muster.audit", "TRUNCATE muster.audit"],
)
async def test_t107_the_audit_is_append_only(database: Database, change: str) -> None:
    async with database.write() as conn:
        await audit.record(conn, "system", "key.created", "key:ab12cd34")
    with pytest.raises(IntegrityError, match="append-only"):
        async with database.write() as conn:
            await conn.execute(text(change))
    async with database.read() as conn:
        assert (await conn.execute(text("SELECT count(*) FROM muster.audit"))).scalar_one() == 1


async def test_the_months_of_the_audit_come_and_go(database: Database) -> None:
    today = date(2029, 3, 15)
    async with database.write() as conn:
        assert (await jobs.keep_months(conn, date(2029, 2, 1), 24))["months_made_inserted"] == 4
        await conn.execute(text(INSERT + "('2029-02-10Z', 'a', 'child.read', 'child:1', 1, NULL)"))
        # Nobody made this month while it was time: its rows stay in the default partition.
        await conn.execute(text(INSERT + "('2029-06-10Z', 'a', 'child.read', 'child:1', 1, NULL)"))
        assert (await jobs.keep_months(conn, today, 24))["months_made_inserted"] == 0
        assert (await jobs.keep_months(conn, today, 24)) == {"months_made_inserted": 0, "months_removed": 0}
    async with database.write() as conn:
        await jobs.keep_months(conn, date(2031, 2, 28), 24)
        assert ("audit_2029_02", date(2029, 2, 1)) in await audited.months(conn)
        await jobs.keep_months(conn, date(2031, 3, 1), 24)
        assert ("audit_2029_02", date(2029, 2, 1)) not in await audited.months(conn)
        noted = await conn.execute(
            text(
                "SELECT after FROM muster.audit WHERE subject = 'audit:audit_2029_02' AND what LIKE 'audit.%'"
            )
        )
        assert noted.scalars().all() == [{"rows": 1}]
        await jobs.keep_months(conn, date(2031, 7, 1), 24)
        rest = await conn.execute(text("SELECT count(*) FROM muster.audit WHERE at >= '2029-01-01'"))
        assert rest.scalar_one() == 0


async def test_who_read_a_child_is_found_by_its_index(database: Database) -> None:
    at = datetime.now(UTC)
    ask = AuditAsk.model_validate(
        {"child_id": 7, "from": at - timedelta(hours=1), "to": at + timedelta(hours=1)}
    )
    statement = Paging(Cursors(["x" * 32]), ask, "a", audited.ORDER).narrow(audited.entries(ask))
    compiled = statement.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True})
    async with database.write() as conn:
        await conn.execute(
            text("""
                INSERT INTO muster.audit (who, what, subject, child_id, child_ids)
                SELECT 'person:1', 'child.read', 'child:' || n % 500, n % 500,
                       CASE WHEN n % 100 = 0 THEN ARRAY[7, n] END
                FROM generate_series(1, 20000) AS n
            """)
        )
        await conn.execute(text("ANALYZE muster.audit"))
        explain = f"EXPLAIN {compiled}".replace(":", r"\:")
        plan = "\n".join((await conn.execute(text(explain))).scalars())
        found = await conn.execute(audited.entries(ask))
    month = f"audit_{at:%Y_%m}"
    assert f"{month}_child_id_at_idx" in plan, plan
    assert "Seq Scan" not in plan.replace("Seq Scan on audit_rest", ""), plan
    assert len(found.all()) == 40 + 200


async def test_a_row_says_from_where_and_by_what_it_was_asked(family: House) -> None:
    async with family.http("AD") as http:
        await http.post(
            "/v1/access/keys",
            json={"name": "payroll", "scopes": ["attendance:read"]},
            headers={"User-Agent": "tablet"},
        )
    rows = await family.sql("SELECT network, user_agent_hash FROM muster.audit WHERE what = 'key.created'")
    assert rows == [("192.0.2.0/24", sha256(b"tablet").hexdigest()[:32])]


async def test_the_audit_is_asked_by_child_actor_word_and_time(family: House) -> None:
    await family.sql(
        "INSERT INTO muster.audit (at, who, actor_user_id, what, subject, child_id, child_ids, outcome, deny_code)"
        " VALUES ('2026-11-02T10:00Z', 'person:11', 11, 'child.read', 'child:1', 1, NULL, 'allow', NULL),"
        " ('2026-11-02T11:00Z', 'key:k1k1k1k1', 1, 'session.create', 'child:1', 1, NULL, 'allow', NULL),"
        " ('2026-11-02T12:00Z', 'person:16', 16, 'child.read', 'child:1', 1, NULL, 'deny', 'not_visible'),"
        " ('2026-11-02T13:00Z', 'person:12', 12, 'children.list', 'children', NULL, '{1,2}', 'allow', NULL),"
        " ('2026-11-02T14:00Z', 'person:2', 2, 'child.read', 'child:2', 2, NULL, 'allow', NULL)"
    )
    day = {"from": "2026-11-02T10:00:00Z", "to": "2026-11-02T14:00:00Z"}
    async with family.http("AD") as admin:

        async def who(**params: object) -> list[str]:
            answer = await admin.get("/v1/access/audit", params={**day, **params})  # type: ignore[dict-item]
            assert answer.status_code == 200, answer.text
            return [entry["who"] for entry in answer.json()["items"]]

        assert await who(child_id=1) == ["person:12", "person:16", "key:k1k1k1k1", "person:11"]
        assert await who(child_id=1, outcome="deny") == ["person:16"]
        assert await who(actor=1) == ["key:k1k1k1k1"]
        assert await who(what="child.*") == ["person:16", "person:11"]
        assert await who(what="child.read", child_id=2) == []
        turned = await admin.get("/v1/access/audit", params={"from": day["to"], "to": day["from"]})
        assert (turned.status_code, turned.json()["errors"][0]["code"]) == (422, "invalid_range")
        assert (await admin.get("/v1/access/audit?child_id=9223372036854775808")).status_code == 422
    async with family.http("G1") as parent:
        assert (await parent.get("/v1/access/audit")).status_code == 403
