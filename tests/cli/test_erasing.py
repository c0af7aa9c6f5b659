"""After a restore: children that were erased are erased again (children spec E6, T106)."""

import asyncio
from pathlib import Path
from typing import Any

import asyncpg

from tests.cli.conftest import Command

_RESTORED = """
    INSERT INTO muster.auth_users (id, email, first_name, last_name, role) OVERRIDING SYSTEM VALUE
    VALUES (1, 'g1@example.org', 'G1', 'Tester', 'parent');
    INSERT INTO children.children (id, parent_id, name, age, age_recorded_on, created_at)
    OVERRIDING SYSTEM VALUE VALUES (7, 1, 'Emma', 9, now(), now() - interval '1 year'),
                                   (8, 1, 'Leo', 9, now(), now() - interval '1 year');
"""
TOMBSTONE = (
    '{"child_id":7,"erased_at":"2026-11-01T06:30:00Z","request_id":"2f6e1c9e-58a4-4f83-9c1a-0f2d6c1b7a11"}'
)


def sql(url: str, statement: str) -> list[Any]:
    """Rows of a statement, on a connection of its own."""

    async def work() -> list[Any]:
        conn = await asyncpg.connect(url.replace("+asyncpg", ""))
        try:
            await conn.execute("SET search_path = children")
            if statement.startswith("SELECT"):
                return list(await conn.fetch(statement))
            await conn.execute(statement)
            return []
        finally:
            await conn.close()

    return asyncio.run(work())


def test_t106_a_backup_older_than_the_erasure(muster: Command, database_url: str, tmp_path: Path) -> None:
    """Its tombstone is not in the backup: it comes from the file that was kept apart."""
    sql(database_url, _RESTORED)
    kept = tmp_path / "tombstones.jsonl"
    kept.write_text(f"{TOMBSTONE}\n\n")
    tried = muster("erase", "children", "--after-restore", "--tombstones", str(kept), "--dry-run")
    assert (tried.code, "1 children would be erased again: 7" in tried.err) == (0, True), tried.err
    assert len(sql(database_url, "SELECT id FROM children.children")) == 2
    done = muster("erase", "children", "--after-restore")
    assert "1 children erased again: 7" in done.err
    assert [row["id"] for row in sql(database_url, "SELECT id FROM children.children")] == [8]
    listed = muster("erase", "children", "--list").out
    assert '"child_id":7,"erased_at":"2026-11-01T06:30:00+00:00"' in listed


def test_wrong_use_is_told(muster: Command, tmp_path: Path) -> None:
    assert muster("erase", "children").code == 2
    bad = tmp_path / "bad.jsonl"
    bad.write_text(f"{TOMBSTONE}\nnothing\n")
    said = muster("erase", "children", "--after-restore", "--tombstones", str(bad))
    assert (said.code, "line 2 is no tombstone" in said.err) == (1, True)
