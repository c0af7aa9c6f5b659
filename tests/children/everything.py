"""One thing of every kind that a route of the people's or the children's desk may name."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from service.access.passwords import hashed
from tests.children.family import PASSWORD
from tests.children.house import House

EXPORT: Final = str(UUID(int=1, version=4))
ERASURE: Final = str(UUID(int=2, version=4))
SHARE: Final = str(UUID(int=3, version=4))
TO_END: Final = str(UUID(int=4, version=4))
TOKEN: Final = "s" * 43
"""Of the share of the published report."""
THINGS: Final[dict[str, Any]] = {
    "child_id": 1,
    "session_id": 8,
    "activity_id": 501,
    "note_id": 502,
    "assessment_id": 503,
    "report_id": 504,
    "consent_id": 505,
    "assignment_id": 506,
    "user_id": 3,
    "person_id": 11,
    "domain": "auditory",
    "export_id": EXPORT,
    "erasure_id": ERASURE,
    "share_id": SHARE,
    "key_id": "k1k1k1k1",
    "report": "progress",
    "subscription_id": SHARE,
    "desk": "attendance",
    "ids": [1, 4],
    "token": TOKEN,
}
"""What stands in a path, by the name of its parameter."""
WHO: Final = {
    # These end what others need: somebody else's sign-in, child or account.
    "access.logout_all": "V1",
    "access.change_password": "C1",
    "access.erase_me": "U1",
    "access.professional_profile": "E1",
    "access.put_professional_profile": "X1",
    "children.archive": "G2",
    "children.restore": "G2",
    "children.ask_for_erasure": "G2",
    "children.erasure_state": "G2",
    "children.cancel_erasure": "G2",
    "children.change_assignment": "N1",
}
"""Who calls an operation that most may not call, or that most should not."""
_ARRANGED: Final = (
    """INSERT INTO children.children (id, parent_id, name, date_of_birth)
       OVERRIDING SYSTEM VALUE VALUES (4, 1, 'Kim', '2017-01-01')""",
    "INSERT INTO children.child_guardians (child_id, user_id, relation, access) VALUES (4, 1, 'mother', 'primary')",
    """INSERT INTO children.game_sessions (id, child_id, started_at, session_type, scenario_name, created_by)
       OVERRIDING SYSTEM VALUE SELECT id, 1, now() - interval '3 hours', 'dental_visit', 'Chair', 'person:1'
       FROM unnest(ARRAY[507, 508]) AS id""",
    """INSERT INTO children.game_sessions (id, child_id, started_at, ended_at, duration_seconds, score,
           interactions_count, completion_status, session_type, scenario_name, created_by)
       OVERRIDING SYSTEM VALUE VALUES (509, 1, now() - interval '5 hours', now() - interval '4 hours', 3600, 50,
           60, 'completed', 'dental_visit', 'Chair', 'person:1')""",
    """INSERT INTO children.activities (id, child_id, activity_type, activity_name, created_by)
       OVERRIDING SYSTEM VALUE SELECT id, 1, 'dental_care', 'Brushing', 'person:1'
       FROM unnest(ARRAY[501, 511]) AS id""",
    """INSERT INTO children.children (id, parent_id, name, date_of_birth)
       OVERRIDING SYSTEM VALUE VALUES (3, 2, 'Mia', '2019-05-01')""",
    "INSERT INTO children.child_guardians (child_id, user_id, relation, access) VALUES (3, 2, 'mother', 'primary')",
    """INSERT INTO children.consents (child_id, granted_by, purpose, policy_version)
       VALUES (3, 2, 'processing', '2026-01')""",
    """INSERT INTO muster.auth_users (id, email, first_name, last_name, role, status, is_verified)
       OVERRIDING SYSTEM VALUE VALUES (18, 'p1@example.org', 'P1', 'Tester', 'professional', 'active', true),
                                      (19, 'g4@example.org', 'G4', 'Tester', 'parent', 'active', true),
                                      (20, 's1@example.org', 'S1', 'Tester', 'staff', 'active', true)""",
    """INSERT INTO muster.professional_profiles (user_id, license_number, is_verified, verified_at, verified_by)
       VALUES (18, 'L-18', true, now(), 'system')""",
    f"""INSERT INTO children.data_requests (id, child_id, kind, state, requested_by, executes_at, params)
        VALUES ('{EXPORT}', 1, 'export', 'queued', 1, NULL, '{{"format": "json"}}'),
               ('{ERASURE}', 2, 'erasure', 'pending', 2, now() + interval '30 days', '{{}}')""",
    """INSERT INTO children.progress_notes (id, child_id, author_id, category, note)
       OVERRIDING SYSTEM VALUE VALUES (502, 1, 1, 'general', 'Slept well.'), (512, 1, 1, 'general', 'Slept.')""",
    """INSERT INTO children.assessments
           (id, child_id, author_id, assessment_type, assessment_name, administered_by, administered_at)
       OVERRIDING SYSTEM VALUE VALUES (503, 1, 13, 'adaptive', 'Form', 'E1', now())""",
    """INSERT INTO children.reports (id, child_id, author_id, report_type, title, period_start, period_end)
       OVERRIDING SYSTEM VALUE VALUES (504, 1, 13, 'progress', 'May', now() - interval '30 days', now()),
                                      (514, 1, 13, 'progress', 'June', now() - interval '30 days', now()),
                                      (515, 1, 13, 'progress', 'July', now() - interval '30 days', now()),
                                      (516, 1, 13, 'progress', 'Gone', now() - interval '30 days', now())""",
    """UPDATE children.reports SET status = 'published', published_at = now(), submitted_at = now(),
           approved_at = now() WHERE id = 514""",
    f"""INSERT INTO children.report_shares (id, report_id, email_hash, token_hash, shared_by, expires_at)
        VALUES ('{SHARE}', 514, sha256('school@example.org'), sha256('{TOKEN}'), 1, now() + interval '9 days'),
               ('{TO_END}', 514, sha256('school@example.org'), sha256('x'), 1, now() + interval '9 days')""",
    f"""INSERT INTO muster.subscription (id, desk, report, params, format, style, cron, timezone, channel, target,
            created_by, next_at)
        SELECT CAST(id AS uuid), 'children', 'progress', '{{"child_id": 1}}', 'xlsx',
            '{{"locale": "en", "delimiter": ",", "bom": false, "durations": "hms"}}', '0 7 1 * *', 'UTC', 'email',
            'g1@example.org', 'person:1', now() + interval '9 days'
        FROM unnest(ARRAY['{SHARE}', '{TO_END}']) AS id""",
    """INSERT INTO children.consents (id, child_id, granted_by, purpose, policy_version)
       OVERRIDING SYSTEM VALUE VALUES (505, 1, 1, 'research', '2026-01')""",
    """INSERT INTO children.care_assignments (id, child_id, professional_id, access_level, invited_by)
       OVERRIDING SYSTEM VALUE VALUES (506, 1, 16, 'view', 1)""",
    """INSERT INTO children.consents (child_id, granted_by, purpose, grantee_user_id, policy_version)
       VALUES (1, 1, 'share_professional', 16, '2026-01')""",
    "INSERT INTO children.child_safety (child_id, elopement_risk) VALUES (1, 'low')",
    """INSERT INTO children.child_sensory_domains (child_id, domain, sensitivity) VALUES (1, 'auditory', 'high')""",
)


async def arrange(house: House) -> None:
    """Put `THINGS` beside the families of F0, and give everybody the same password."""
    for statement in _ARRANGED:
        await house.sql(statement)
    kept = await hashed(house.runtime.compute, PASSWORD)
    await house.sql("UPDATE muster.auth_users SET hashed_password = :kept", kept=kept)


def recent(**ago: float) -> str:
    """An instant so long ago, as it travels."""
    return (datetime.now(UTC) - timedelta(**ago)).isoformat()


def dated(body: Any) -> Any:
    """An example's body with its fixed instants moved to the last hours: what is old is refused."""
    if not isinstance(body, dict):
        return body
    moved = {"started_at": recent(hours=2), "ended_at": recent(hours=1), "completed_at": recent(hours=1)}
    changed: dict[str, Any] = {}
    for name, value in body.items():
        if name in moved and value is not None:
            changed[name] = moved[name]
        else:
            changed[name] = [dated(one) for one in value] if isinstance(value, list) else dated(value)
    return changed
