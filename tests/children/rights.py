"""What tests of the guardians' rights arrange: Emma with something in every table, a copy carried out."""

import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

import httpx

from service.children.rights.copying import JOB
from service.children.rules.sealed import seal_list, seal_text
from service.core.sealing import Sealer
from tests.children.family import EMMA
from tests.children.house import House

_ROWS = (
    "UPDATE children.game_sessions SET client_session_id = gen_random_uuid() WHERE id = 1",
    """INSERT INTO children.child_sensory_domains (child_id, domain, sensitivity, triggers)
       VALUES (1, 'auditory', 'high', '{hairdryer}')""",
    """INSERT INTO children.child_therapies (child_id, type, provider, notes)
       VALUES (1, 'ABA', 'Clinic', '=HYPERLINK(1)')""",
    """INSERT INTO children.activities (child_id, activity_type, activity_name, created_by)
       VALUES (1, 'exercise', 'Swimming', 'person:1')""",
    """INSERT INTO children.progress_notes (child_id, author_id, category, note, visibility) VALUES
       (1, 13, 'behavior', '=HYPERLINK(1)', 'all'), (1, 13, 'behavior', 'among ourselves', 'professionals'),
       (1, 1, 'general', 'slept badly', 'guardians')""",
    """INSERT INTO children.assessments (child_id, author_id, assessment_type, assessment_name, administered_by,
                                         administered_at)
       VALUES (1, 13, 'vineland', 'Vineland', 'E1', now())""",
    """INSERT INTO children.point_ledger (child_id, source_type, points) VALUES (1, 'manual', 5)""",
    """INSERT INTO children.child_achievements (child_id, achievement_id, source_session_id)
       VALUES (1, 'dental_rookie', 1)""",
    """INSERT INTO children.reports (child_id, author_id, report_type, title, period_start, period_end, status,
                                     published_at)
       VALUES (1, 13, 'progress', 'June', '2025-06-01', '2025-07-01', 'published', now()),
              (1, 13, 'progress', 'a draft', '2025-06-01', '2025-07-01', 'draft', NULL)""",
    """INSERT INTO children.report_shares (report_id, user_id, token_hash, shared_by, expires_at)
       SELECT id, 11, sha256('t'), 13, now() + interval '1 day' FROM children.reports WHERE status = 'published'""",
)


async def fill(house: House) -> None:
    """Give Emma a row in every table that has rows of children."""
    sealer = Sealer.of(house.runtime.settings)
    for statement in _ROWS:
        await house.sql(statement)
    await house.sql(
        """INSERT INTO children.child_safety (child_id, elopement_risk, medical_conditions, medications)
           VALUES (1, 'low', :conditions, :medications)""",
        conditions=seal_list(sealer, EMMA, "medical_conditions", ["asthma"]),
        medications=seal_list(sealer, EMMA, "medications", ["salbutamol"]),
    )
    await house.sql(
        """INSERT INTO children.child_emergency_contacts (child_id, name, relationship, phone)
           VALUES (1, 'Nonna', 'grandmother', :phone)""",
        phone=seal_text(sealer, EMMA, "phone", "+39 02 999"),
    )
    await house.open_glass()


async def ask_for_copy(house: House, who: str = "G1", child: int = EMMA, **asked: Any) -> httpx.Response:
    """`POST …/exports`."""
    return await house.ask(who, "POST", f"/{child}/exports", json=asked)


async def written(house: House, export: Mapping[str, Any]) -> None:
    """Carry the job of a copy out."""
    row = await house.runtime.tasks.run_now(JOB, {"request": export["id"]}, "test")
    assert row.state == "done", row.error


async def copied(house: House, who: str = "G1", **asked: Any) -> httpx.Response:
    """Ask for a copy, have it written, download it."""
    made = await ask_for_copy(house, who, **asked)
    assert made.status_code == 202, made.text
    await written(house, made.json())
    return await house.ask(who, "GET", f"/exports/{made.json()['id']}/download")


def unpacked(response: httpx.Response) -> tuple[dict[str, bytes], dict[str, Any]]:
    """The files of an archive, and its manifest."""
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        assert archive.testzip() is None
        files = {name: archive.read(name) for name in archive.namelist()}
    return files, json.loads(files.pop("manifest.json"))
