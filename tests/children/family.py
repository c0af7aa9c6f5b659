"""The fixtures of spec F0: Emma and Leo, everybody around them, and Emma's nine sessions."""

from typing import Final

from sqlalchemy import text

from service.access.tokens import digest
from service.core.database import WriteConnection

PASSWORD: Final = "correct horse battery"
PEOPLE: Final = {
    "G1": 1, "G2": 2, "G3": 3,
    "V1": 11, "C1": 12, "E1": 13, "X1": 14, "W1": 15, "N1": 16, "U1": 17,
    "AD": 21,
}  # fmt: skip
"""Guardians of Emma (G1 primary, G3 read only) and of Leo (G2); professionals; an admin."""
EMMA: Final = 1
LEO: Final = 2
KEYS: Final = {"K1": ("k1k1k1k1", 1, EMMA), "K2": ("k2k2k2k2", 2, LEO)}
"""Keys of devices: id, owner, the child it is bound to."""
FROM, TO = "2025-05-31", "2025-06-29"
"""The window of F2 as inclusive dates (UTC): [2025-05-31T00:00Z, 2025-06-30T00:00Z)."""

_PEOPLE = text("""
    INSERT INTO muster.auth_users
        (id, email, first_name, last_name, phone, role, status, is_verified, email_verified_at)
    OVERRIDING SYSTEM VALUE
    SELECT id, lower(name) || '@example.org', name, 'Tester', '+39 02 123456', role, 'active', true, now()
    FROM unnest(CAST(:ids AS bigint[]), CAST(:names AS text[]), CAST(:roles AS text[])) AS p (id, name, role)
""")
_SESSIONS = text("""
    INSERT INTO children.game_sessions
        (id, child_id, started_at, ended_at, session_type, scenario_name, completion_status, score,
         duration_seconds, interactions_count, correct_responses, incorrect_responses, help_requests,
         achievements_unlocked, initial_state, final_state, parent_rating, created_by, created_by_id)
    OVERRIDING SYSTEM VALUE VALUES
    (1, 1, '2025-06-02T10:00Z', '2025-06-02T10:10Z', 'dental_visit', 'Chair', 'completed', 40, 600, 30, 15, 15, 6,
     '{}', 'anxious', 'calm', 3, 'person:1', 1),
    (2, 1, '2025-06-03T10:00Z', '2025-06-03T10:15Z', 'dental_visit', 'Chair', 'completed', 50, 900, 60, 36, 24, 3,
     '{a}', 'anxious', 'happy', 4, 'person:1', 1),
    (3, 1, '2025-06-04T10:00Z', '2025-06-04T10:05Z', 'social_scenario', 'Shop', 'abandoned', 20, 300, 10, 4, 6, 4,
     '{}', 'frustrated', 'overwhelmed', NULL, 'person:1', 1),
    (4, 1, '2025-06-09T10:00Z', '2025-06-09T10:20Z', 'dental_visit', 'Chair', 'completed', 70, 1200, 120, 90, 30, 2,
     '{a,b}', 'calm', 'happy', 5, 'person:1', 1),
    (5, 1, '2025-06-10T10:00Z', '2025-06-10T10:20Z', 'social_scenario', 'Shop', 'completed', 80, 1200, 80, 68, 12, 1,
     '{a,b,c,d,e}', 'calm', 'focused', 5, 'person:1', 1),
    (6, 1, '2025-06-11T10:00Z', '2025-06-11T10:00Z', 'therapy_session', 'Breathing', 'interrupted', 0, NULL, 0, 0, 0,
     0, '{}', 'tired', NULL, NULL, 'person:1', 1),
    (7, 1, '2025-06-12T10:00Z', '2025-06-12T10:10Z', 'dental_visit', 'Chair', 'completed', 90, 600, 45, 44, 1, 0,
     '{}', 'happy', 'happy', 4, 'person:1', 1),
    (8, 1, '2025-06-12T15:00Z', NULL, 'dental_visit', 'Chair', 'in_progress', 10, NULL, 5, 3, 2, 0,
     '{}', NULL, NULL, NULL, 'person:1', 1),
    (9, 1, '2025-05-20T10:00Z', '2025-05-20T10:10Z', 'dental_visit', 'Chair', 'completed', 100, 600, 50, 50, 0, 0,
     '{}', 'calm', 'calm', 5, 'person:1', 1)
""")
_AROUND = (
    """INSERT INTO muster.professional_profiles (user_id, license_number, is_verified, verified_at, verified_by)
       SELECT id, 'L-' || id, id <> 17, CASE WHEN id <> 17 THEN now() END, 'system'
       FROM muster.auth_users WHERE role = 'professional'""",
    """INSERT INTO children.children (id, parent_id, name, date_of_birth, timezone, diagnosis, support_level)
       OVERRIDING SYSTEM VALUE VALUES
       (1, 1, 'Emma', '2016-03-15', 'UTC', 'ASD', 2), (2, 2, 'Leo', '2018-07-01', 'Europe/Rome', NULL, NULL)""",
    """INSERT INTO children.child_guardians (child_id, user_id, relation, access) VALUES
       (1, 1, 'mother', 'primary'), (1, 3, 'other', 'read_only'), (2, 2, 'father', 'primary')""",
    """INSERT INTO children.care_assignments
           (child_id, professional_id, access_level, status, invited_by, starts_at, ends_at) VALUES
       (1, 11, 'view', 'active', 1, now() - interval '90 days', NULL),
       (1, 12, 'comment', 'active', 1, now() - interval '90 days', NULL),
       (1, 13, 'edit', 'active', 1, now() - interval '90 days', NULL),
       (1, 14, 'edit', 'active', 1, now() - interval '90 days', now() - interval '1 day'),
       (1, 15, 'edit', 'active', 1, now() - interval '90 days', NULL),
       (1, 17, 'edit', 'active', 1, now() - interval '90 days', NULL)""",
    """INSERT INTO children.consents (child_id, granted_by, purpose, grantee_user_id, policy_version, granted_at,
                                      withdrawn_at)
       SELECT 1, 1, 'share_professional', id, '2026-01', now() - interval '90 days',
              CASE WHEN id = 15 THEN now() - interval '1 hour' END
       FROM unnest(ARRAY[11, 12, 13, 14, 15, 17]) AS id
       UNION ALL SELECT 1, 1, 'processing', NULL, '2026-01', now() - interval '90 days', NULL
       UNION ALL SELECT 2, 2, 'processing', NULL, '2026-01', now() - interval '90 days', NULL""",
    "SELECT setval(pg_get_serial_sequence('children.children', 'id'), 1000)",
    "SELECT setval(pg_get_serial_sequence('children.game_sessions', 'id'), 1000)",
    "SELECT setval(pg_get_serial_sequence('muster.auth_users', 'id'), 1000)",
)


def secret_of(key: str) -> str:
    """The whole key of a device."""
    return f"mst_{KEYS[key][0]}_{key.lower() * 21}x"


async def settle(conn: WriteConnection, *, sessions: bool = True) -> None:
    """Put the families of F0 into an empty database."""
    roles = ["admin" if name == "AD" else "parent" if name[0] == "G" else "professional" for name in PEOPLE]
    await conn.execute(_PEOPLE, {"ids": list(PEOPLE.values()), "names": list(PEOPLE), "roles": roles})
    for statement in _AROUND:
        await conn.execute(text(statement))
    if sessions:
        await conn.execute(_SESSIONS)
    for name, (key_id, owner, child) in KEYS.items():
        await conn.execute(
            text("""
                INSERT INTO muster.api_key (id, name, secret_hash, scopes, owner_id, child_ids, created_by)
                VALUES (:id, :name, :hash, '{sessions:write}', :owner, ARRAY[CAST(:child AS bigint)], 'system')
            """),
            {
                "id": key_id,
                "name": name,
                "hash": digest(secret_of(name).split("_", 2)[2]),
                "owner": owner,
                "child": child,
            },
        )
