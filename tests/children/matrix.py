"""Who may do what at the children's desk: every operation, everybody of F0, the expected status (spec F6).

This table is documentation. The resource is Emma or something of hers. X1 stands for the four who do not see her
for one reason each: X1 (assignment ended), W1 (consent withdrawn), N1 (never assigned), U1 (not verified). The
status comes from the scope first (403), then from what is visible (404), then from the level of access (403).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from service.access.roles import ROLES
from service.children.rules.permissions import Action, may
from service.core.auth import CLINICAL
from tests.children.family import KEYS, PEOPLE
from tests.children.test_door import LEVELS

COLUMNS: Final = ("G1", "G2", "G3", "V1", "C1", "E1", "X1", "AD", "K1", "K2", None)
ALIKE: Final = ("X1", "W1", "N1", "U1")
"""Who stands for the column X1."""
EVERYBODY: Final = (*PEOPLE, *KEYS, None)
FEW: Final = ("G1", "G2", "V1", "N1", "K1", None)
EXPORT: Final = "00000000-0000-4000-8000-000000000001"
SHARE: Final = "00000000-0000-4000-8000-000000000003"
ERASURE: Final = "00000000-0000-4000-8000-000000000002"
NOBODYS: Final = "00000000-0000-4000-8000-000000000009"
_AGAIN: Final = "UPDATE children.children SET version = 1, name = 'Emma', is_active = true WHERE id = 1"
_OPEN: Final = """
    UPDATE children.game_sessions SET version = 1, completion_status = 'in_progress', ended_at = NULL,
        duration_seconds = NULL, exit_reason = NULL, final_state = NULL, score = 10, interactions_count = 5
    WHERE id = 8
"""
_UNRATED: Final = (
    "UPDATE children.game_sessions SET version = 1, parent_rating = 3, deleted_at = NULL WHERE id = 1"
)
_DRAFT: Final = """
    INSERT INTO children.reports (id, child_id, author_id, report_type, title, period_start, period_end)
    OVERRIDING SYSTEM VALUE VALUES (1, 1, 13, 'progress', 'June', '2025-06-01', '2025-07-01')
    ON CONFLICT (id) DO UPDATE SET version = 1, status = 'draft', submitted_at = NULL
"""
_PUBLISHED: Final = """
    INSERT INTO children.reports (id, child_id, author_id, report_type, title, content, source_snapshot,
                                  period_start, period_end, status, published_at)
    OVERRIDING SYSTEM VALUE
    SELECT 2, child_id, author_id, report_type, title, content, source_snapshot, period_start, period_end,
           'published', now() FROM children.reports WHERE id = 1
    ON CONFLICT (id) DO UPDATE SET version = 1
"""
_SHARED: Final = f"""
    INSERT INTO children.report_shares (id, report_id, user_id, token_hash, shared_by, expires_at)
    SELECT '{SHARE}', 2, 11, sha256('t'), 1, now() + interval '1 day'
    ON CONFLICT (id) DO UPDATE SET revoked_at = NULL
"""
_NO_REQUESTS: Final = """
    WITH gone AS (DELETE FROM children.data_requests), open AS (DELETE FROM muster.run)
    UPDATE children.children SET restricted_at = NULL, version = 1 WHERE id = 1
"""
_READY: Final = f"""
    INSERT INTO children.data_requests (id, child_id, kind, state, requested_by, params, expires_at)
    VALUES ('{EXPORT}', 1, 'export', 'ready', 1, '{{"format": "json"}}', now() + interval '1 day')
    ON CONFLICT DO NOTHING
"""
_AWAITING: Final = f"""
    INSERT INTO children.data_requests (id, child_id, kind, state, requested_by, expires_at, params)
    VALUES ('{ERASURE}', 1, 'erasure', 'awaiting', 1, now() + interval '1 day', '{{}}')
    ON CONFLICT (id) DO UPDATE SET state = 'awaiting'
"""
_ONE_LESS: Final = "DELETE FROM children.child_guardians WHERE child_id = 1 AND user_id = 2"
_ONE_MORE: Final = """
    INSERT INTO children.child_guardians (child_id, user_id, relation, access)
    VALUES (1, 3, 'other', 'read_only') ON CONFLICT DO NOTHING
"""
_UNINVITED: Final = """
    WITH gone AS (DELETE FROM children.consents WHERE grantee_user_id = 16)
    DELETE FROM children.care_assignments WHERE professional_id = 16
"""
_ASSIGNED: Final = """
    WITH shared AS (UPDATE children.consents SET withdrawn_at = NULL WHERE grantee_user_id = 11)
    UPDATE children.care_assignments SET status = 'active', ends_at = NULL, version = 1 WHERE id = 1
"""
_CONSENTED: Final = """
    INSERT INTO children.consents (id, child_id, granted_by, purpose, policy_version) OVERRIDING SYSTEM VALUE
    VALUES (900, 1, 1, 'research', '2026-01') ON CONFLICT (id) DO UPDATE SET withdrawn_at = NULL
"""
_FREE: Final = "UPDATE children.children SET version = 1, restricted_at = NULL WHERE id = 1"
_SWUM: Final = """
    INSERT INTO children.activities (id, child_id, activity_type, activity_name, created_by)
    OVERRIDING SYSTEM VALUE VALUES (1, 1, 'exercise', 'Swimming', 'person:1')
    ON CONFLICT (id) DO UPDATE SET version = 1, deleted_at = NULL
"""
_NOTED: Final = """
    INSERT INTO children.progress_notes (id, child_id, author_id, category, note)
    OVERRIDING SYSTEM VALUE VALUES (1, 1, 1, 'general', 'slept badly')
    ON CONFLICT (id) DO UPDATE SET version = 1, deleted_at = NULL
"""
_ASSESSED: Final = """
    INSERT INTO children.assessments (id, child_id, author_id, assessment_type, assessment_name, administered_by,
                                      administered_at)
    OVERRIDING SYSTEM VALUE SELECT 1, 1, 13, 'vineland', 'Vineland', 'E1', now() ON CONFLICT DO NOTHING
"""
SECTIONS: Final = (
    "/summary", "/trends", "/timeseries", "/series", "/emotions", "/activities", "/by-type", "/streaks",
    "/comparison",
)  # fmt: skip
"""Parts of the figures of a child."""
_ASSESSMENT: Final = {
    "assessment_type": "vineland",
    "assessment_name": "Vineland",
    "administered_by": "E1",
    "administered_at": "2025-06-01T10:00:00Z",
}
_SESSION: Final = {"session_type": "dental_visit", "scenario_name": "Chair"}
_PLAYED: Final = {
    **_SESSION,
    "child_id": 1,
    "client_session_id": "0d5e1f5e-6f0f-4a0b-9a3c-0a4b6a0a7f10",
    "started_at": "2025-06-01T10:00:00Z",
    "ended_at": "2025-06-01T10:10:00Z",
}
_CHILD: Final = {
    "name": "Nora",
    "date_of_birth": "2019-01-01",
    "relation": "mother",
    "consents": [{"purpose": "processing", "policy_version": "2026-01"}],
}
_ENDED: Final = {"ended_at": "2025-06-12T15:10:00Z"}
_MATCH: Final = {"If-Match": '"1"'}


@dataclass(frozen=True, slots=True)
class Rule:
    """One operation: the scope it needs, the deed at the child, and what everybody is answered.

    `action` None: it is not about one child, or not decided by the level alone. `path` is asked where it differs
    from the template with Emma's number; `before` makes the state in which it can be done; `scope` None: anybody who is known. Not `clinical`: it
    tells of no child, and is not in the audit. `asked_as`: of operations that are one piece of code all but the
    first are asked as a few.
    """

    scope: str | None
    action: Action | None
    expects: str
    path: str | None = None
    body: Any = None
    headers: Mapping[str, str] | None = None
    before: str | None = None
    clinical: bool = True
    asked_as: tuple[str | None, ...] = EVERYBODY

    def expected(self, who: str | None) -> int:
        """The status for somebody."""
        column = "X1" if who in ALIKE else who
        return int(self.expects.split()[COLUMNS.index(column)])

    def derived(self, who: str | None) -> int | None:
        """The same from scope, role and level alone; None where it can be done, or these do not decide."""
        if self.scope is None:
            return None
        if who is None:
            return 401
        held = scopes_of(who)
        if self.scope not in held and ("admin" not in held or self.scope in CLINICAL):
            return 403
        if self.action is None:
            return None
        level = LEVELS[who]
        if level is None:
            return 404
        return None if may(level, self.action) else 403  # type: ignore[arg-type]  # a level of the fixtures


def scopes_of(who: str) -> frozenset[str]:
    """What somebody of F0 holds."""
    if who in KEYS:
        return frozenset({"sessions:write"})
    return ROLES[{"G": "parent", "A": "admin"}.get(who[0], "professional")]


# fmt: off
RULES: Final[Mapping[str, Rule]] = {
    # the child                                         G1  G2  G3  V1  C1  E1  X1… AD  K1  K2  –
    "GET /v1/children": Rule("children:read", None,
                                                       "200 200 200 200 200 200 200 403 403 403 401"),
    "POST /v1/children": Rule("children:write", None,
                                                       "201 201 201 403 403 403 403 403 403 403 401",
        body=_CHILD),
    "GET /v1/children/{child_id}": Rule("children:read", Action.READ,
                                                       "200 404 200 200 200 200 404 403 403 403 401"),
    "PATCH /v1/children/{child_id}": Rule("children:write", Action.UPDATE,
                                                       "200 404 403 403 403 403 404 403 403 403 401",
        body={"name": "Emma"}, headers=_MATCH, before=_AGAIN),
    "DELETE /v1/children/{child_id}": Rule("children:write", Action.UPDATE,
                                                       "204 404 403 403 403 403 404 403 403 403 401",
        before=_AGAIN),
    "POST /v1/children/{child_id}/restore": Rule("children:write", Action.UPDATE,
                                                       "200 404 403 403 403 403 404 403 403 403 401"),
    "GET /v1/children/{child_id}/profile-completion": Rule("children:read", Action.READ,
                                                       "200 404 200 200 200 200 404 403 403 403 401"),
    # who stands around it                              G1  G2  G3  V1  C1  E1  X1… AD  K1  K2  –
    "PUT /v1/children/{child_id}/sensory-profile": Rule("children:write", Action.UPDATE_CARE,
                                                       "200 404 403 403 403 200 404 403 403 403 401",
        body={"auditory": {"sensitivity": "high"}}, headers=_MATCH, before=_AGAIN),
    "PATCH /v1/children/{child_id}/sensory-profile/{domain}": Rule("children:write", Action.UPDATE_CARE,
                                                       "200 404 403 403 403 200 404 403 403 403 401",
        path="/v1/children/1/sensory-profile/auditory", body={"sensitivity": "low"}, headers=_MATCH,
        before=_AGAIN),
    "GET /v1/children/{child_id}/guardians": Rule("children:read", Action.READ,
                                                       "200 404 200 200 200 200 404 403 403 403 401"),
    "POST /v1/children/{child_id}/guardians": Rule("children:write", Action.MANAGE_GUARDIANS,
                                                       "201 404 403 403 403 403 404 403 403 403 401",
        body={"email": "g2@example.org", "relation": "father"}, before=_ONE_LESS),
    # G1 has the primary rights already
    "POST /v1/children/{child_id}/guardians/{user_id}/primary": Rule("children:write", Action.MANAGE_GUARDIANS,
                                                       "409 404 403 403 403 403 404 403 403 403 401"),
    "DELETE /v1/children/{child_id}/guardians/{user_id}": Rule("children:write", Action.MANAGE_GUARDIANS,
                                                       "204 404 403 403 403 403 404 403 403 403 401",
        path="/v1/children/1/guardians/3", before=_ONE_MORE),
    "GET /v1/children/assignments": Rule("assignments:manage", None,
                                                       "200 200 200 200 200 200 200 403 403 403 401"),
    "GET /v1/children/{child_id}/assignments": Rule("assignments:manage", Action.READ,
                                                       "200 404 200 200 200 200 404 403 403 403 401"),
    "POST /v1/children/{child_id}/assignments": Rule("assignments:manage", Action.INVITE,
                                                       "201 404 403 403 403 403 404 403 403 403 401",
        body={"professional_id": 16, "grant_consent": True}, before=_UNINVITED),
    # this one is of V1: either side ends it
    "PATCH /v1/children/assignments/{assignment_id}": Rule("assignments:manage", None,
                                                       "200 404 403 200 403 403 404 403 403 403 401",
        body={"action": "end"}, headers=_MATCH, before=_ASSIGNED),
    "GET /v1/children/{child_id}/consents": Rule("consent:manage", Action.CONSENT,
                                                       "200 404 403 403 403 403 403 403 403 403 401"),
    "POST /v1/children/{child_id}/consents": Rule("consent:manage", Action.CONSENT,
                                                       "201 404 403 403 403 403 403 403 403 403 401",
        body={"purpose": "media"}, before="DELETE FROM children.consents WHERE purpose = 'media'"),
    "POST /v1/children/consents/{consent_id}/withdraw": Rule("consent:manage", Action.CONSENT,
                                                       "200 404 403 403 403 403 403 403 403 403 401",
        path="/v1/children/consents/900/withdraw", before=_CONSENTED),
    "PUT /v1/children/{child_id}/restriction": Rule("consent:manage", Action.CONSENT,
                                                       "200 404 403 403 403 403 403 403 403 403 401",
        headers=_MATCH, before=_FREE),
    "DELETE /v1/children/{child_id}/restriction": Rule("consent:manage", Action.CONSENT,
                                                       "204 404 403 403 403 403 403 403 403 403 401",
        before=_FREE),
    # over several children: nobody gets more than theirs
    "GET /v1/children/home": Rule("children:read", None,
                                                       "200 200 200 200 200 200 200 403 403 403 401"),
    "GET /v1/children/search": Rule("children:read", None,
                                                       "200 200 200 200 200 200 200 403 403 403 401",
        path="/v1/children/search?search_term=Emma"),
    "GET /v1/children/statistics": Rule("analytics:read", None,
                                                       "200 200 200 200 200 200 200 403 403 403 401"),
    "GET /v1/children/templates": Rule("children:read", None,
                                                       "200 200 200 200 200 200 200 403 403 403 401",
        clinical=False),
    "GET /v1/children/compare": Rule("analytics:read", None,
                                                       "404 404 404 404 404 404 404 403 403 403 401",
        path="/v1/children/compare?ids=1&ids=2"),
    # an admin's is of the service, without a name
    "GET /v1/children/dashboard": Rule(None, None,
                                                       "200 200 200 200 200 200 200 200 403 403 401",
        clinical=False),
    "GET /v1/children/caseload": Rule("analytics:read", None,
                                                       "403 403 403 200 200 200 200 403 403 403 401"),
    "GET /v1/children/population": Rule("population:read", None,
                                                       "403 403 403 403 403 403 403 200 403 403 401",
        clinical=False),
    # sessions of play                                  G1  G2  G3  V1  C1  E1  X1… AD  K1  K2  –
    "GET /v1/children/{child_id}/sessions": Rule("sessions:read", Action.READ,
                                                       "200 404 200 200 200 200 404 403 403 403 401"),
    "POST /v1/children/{child_id}/sessions": Rule("sessions:write", Action.PLAY,
                                                       "201 404 403 403 403 201 404 403 201 404 401",
        body=_SESSION),
    # each of the batch has its own outcome: for whom a child is hidden it is `rejected`
    "POST /v1/children/sessions/batch": Rule("sessions:write", None,
                                                       "207 207 207 207 207 207 207 403 207 207 401",
        body={"items": [_PLAYED]}),
    "GET /v1/children/sessions/{session_id}": Rule("sessions:read", Action.READ,
                                                       "200 404 200 200 200 200 404 403 403 403 401"),
    "PATCH /v1/children/sessions/{session_id}": Rule("sessions:write", Action.PLAY,
                                                       "200 404 403 403 403 200 404 403 200 404 401",
        path="/v1/children/sessions/8", body={"score": 20}, headers=_MATCH, before=_OPEN),
    "POST /v1/children/sessions/{session_id}/complete": Rule("sessions:write", Action.PLAY,
                                                       "200 404 403 403 403 200 404 403 200 404 401",
        path="/v1/children/sessions/8/complete", body=_ENDED, before=_OPEN),
    "POST /v1/children/sessions/{session_id}/abandon": Rule("sessions:write", Action.PLAY,
                                                       "200 404 403 403 403 200 404 403 200 404 401",
        path="/v1/children/sessions/8/abandon", body=_ENDED, before=_OPEN),
    "POST /v1/children/sessions/{session_id}/interrupt": Rule("sessions:write", Action.PLAY,
                                                       "200 404 403 403 403 200 404 403 200 404 401",
        path="/v1/children/sessions/8/interrupt", body=_ENDED, before=_OPEN),
    "PATCH /v1/children/sessions/{session_id}/feedback": Rule("sessions:write", Action.FEEDBACK,
                                                       "200 404 403 403 403 403 404 403 403 404 401",
        body={"parent_rating": 4}, headers=_MATCH, before=_UNRATED),
    # E1 may void what E1 started within a day; S1 is somebody else's, and old
    "DELETE /v1/children/sessions/{session_id}": Rule("sessions:write", Action.VOID,
                                                       "200 404 403 403 403 403 404 403 403 404 401",
        body={"reason": "a test"}, before=_UNRATED),
    # activities and points                             G1  G2  G3  V1  C1  E1  X1… AD  K1  K2  –
    "GET /v1/children/{child_id}/activities": Rule("sessions:read", Action.READ,
                                                       "200 404 200 200 200 200 404 403 403 403 401"),
    "POST /v1/children/{child_id}/activities": Rule("sessions:write", Action.ADD_ACTIVITY,
                                                       "201 404 403 403 403 201 404 403 201 404 401",
        body={"activity_type": "exercise", "activity_name": "Swimming"}),
    "GET /v1/children/activities/{activity_id}": Rule("sessions:read", Action.READ,
                                                       "200 404 200 200 200 200 404 403 403 403 401",
        before=_SWUM),
    "PATCH /v1/children/activities/{activity_id}": Rule("sessions:write", Action.UPDATE_ACTIVITY,
                                                       "200 404 403 403 403 200 404 403 403 404 401",
        body={"success_rating": 4}, headers=_MATCH, before=_SWUM),
    "POST /v1/children/activities/{activity_id}/verify": Rule("sessions:write", Action.VERIFY_ACTIVITY,
                                                       "200 404 403 403 200 200 404 403 403 404 401",
        body={}, before=_SWUM),
    "DELETE /v1/children/activities/{activity_id}": Rule("sessions:write", Action.VOID,
                                                       "200 404 403 403 403 403 404 403 403 404 401",
        body={"reason": "a test"}, before=_SWUM),
    "GET /v1/children/{child_id}/points": Rule("children:read", Action.READ,
                                                       "200 404 200 200 200 200 404 403 403 403 401"),
    "POST /v1/children/{child_id}/points": Rule("points:write", Action.AWARD_POINTS,
                                                       "201 404 403 403 403 201 404 403 403 403 401",
        body={"points": 5, "reason": "patience"}),
    "GET /v1/children/{child_id}/achievements": Rule("children:read", Action.READ,
                                                       "200 404 200 200 200 200 404 403 403 403 401"),
    # what is written about a child                     G1  G2  G3  V1  C1  E1  X1… AD  K1  K2  –
    "GET /v1/children/{child_id}/notes": Rule("notes:read", Action.READ,
                                                       "200 404 200 200 200 200 404 403 403 403 401"),
    "POST /v1/children/{child_id}/notes": Rule("notes:write", Action.ADD_NOTE,
                                                       "201 404 403 403 201 201 404 403 403 403 401",
        body={"category": "general", "note": "slept badly"}),
    # its author alone, within a day: this one is of G1
    "PATCH /v1/children/notes/{note_id}": Rule("notes:write", None,
                                                       "200 404 403 403 403 403 404 403 403 403 401",
        body={"note": "slept well"}, headers=_MATCH, before=_NOTED),
    "DELETE /v1/children/notes/{note_id}": Rule("notes:write", None,
                                                       "200 404 403 403 403 403 404 403 403 403 401",
        before=_NOTED),
    "GET /v1/children/{child_id}/assessments": Rule("assessments:read", Action.READ,
                                                       "200 404 200 200 200 200 404 403 403 403 401"),
    "POST /v1/children/{child_id}/assessments": Rule("assessments:write", Action.ADD_ASSESSMENT,
                                                       "403 403 403 403 201 201 404 403 403 403 401",
        body=_ASSESSMENT),
    "GET /v1/children/assessments/{assessment_id}": Rule("assessments:read", Action.READ,
                                                       "200 404 200 200 200 200 404 403 403 403 401",
        before=_ASSESSED),
    # figures, all alike                                G1  G2  G3  V1  C1  E1  X1… AD  K1  K2  –
    **{
        f"GET /v1/children/{{child_id}}/analytics{section}": Rule("analytics:read", Action.READ,
                                                       "200 404 200 200 200 200 404 403 403 403 401",
            path=f"/v1/children/1/analytics{section}?from=2025-05-31&to=2025-06-29",
            asked_as=EVERYBODY if section == "" else FEW)
        for section in ("", *SECTIONS)
    },
    # who may read the figure is told that there is none of this name
    **{
        f"GET /v1/children/{{child_id}}/analytics{section}/explain": Rule("analytics:read", Action.READ,
                                                       "422 404 422 422 422 422 404 403 403 403 401",
            path=f"/v1/children/1/analytics{section}/explain?figure=unknown", asked_as=FEW)
        for section in SECTIONS
    },
    # reports: 1 is E1's draft (hidden below edit), 2 published  G1  G2  G3  V1  C1  E1  X1… AD  K1  K2  –
    "GET /v1/children/{child_id}/reports": Rule("reports:read", Action.READ,
                                                       "200 404 200 200 200 200 404 403 403 403 401"),
    "POST /v1/children/{child_id}/reports": Rule("reports:write", Action.WRITE_REPORT,
                                                       "403 403 403 403 403 201 404 403 403 403 401",
        body={"type": "progress"}),
    "GET /v1/children/reports/{report_id}": Rule("reports:read", Action.READ,
                                                       "200 404 200 200 200 200 404 403 403 403 401",
        path="/v1/children/reports/2", before=_PUBLISHED),
    "PATCH /v1/children/reports/{report_id}": Rule("reports:write", None,
                                                       "403 403 403 404 404 200 404 403 403 403 401",
        body={"title": "June"}, headers=_MATCH, before=_DRAFT),
    "POST /v1/children/reports/{report_id}/transitions": Rule("reports:write", None,
                                                       "403 403 403 404 404 200 404 403 403 403 401",
        body={"to": "pending_review"}, before=_DRAFT),
    "DELETE /v1/children/reports/{report_id}": Rule("reports:write", None,
                                                       "403 403 403 404 404 200 404 403 403 403 401",
        before=_DRAFT),
    "PUT /v1/children/reports/{report_id}/correction": Rule("reports:write", Action.WRITE_REPORT,
                                                       "403 403 403 403 403 200 404 403 403 403 401",
        path="/v1/children/reports/2/correction", body={"note": "it was July"}, headers=_MATCH,
        before=_PUBLISHED),
    "GET /v1/children/reports/{report_id}/changes": Rule("reports:read", Action.READ,
                                                       "200 404 200 200 200 200 404 403 403 403 401",
        path="/v1/children/reports/2/changes", before=_PUBLISHED),
    "GET /v1/children/reports/{report_id}/export": Rule("reports:read", Action.READ,
                                                       "200 404 200 200 200 200 404 403 403 403 401",
        path="/v1/children/reports/2/export", before=_PUBLISHED),
    "GET /v1/children/reports/{report_id}/shares": Rule("reports:read", Action.SHARE_REPORT,
                                                       "200 404 403 403 403 200 404 403 403 403 401",
        path="/v1/children/reports/2/shares", before=_PUBLISHED),
    "POST /v1/children/reports/{report_id}/shares": Rule("reports:read", Action.SHARE_REPORT,
                                                       "201 404 403 403 403 201 404 403 403 403 401",
        path="/v1/children/reports/2/shares", body={"email": "school@example.org"}, before=_PUBLISHED),
    "DELETE /v1/children/reports/{report_id}/shares/{share_id}": Rule("reports:read", Action.SHARE_REPORT,
                                                       "200 404 403 403 403 200 404 403 403 403 401",
        path=f"/v1/children/reports/2/shares/{SHARE}", before=_SHARED),
    "GET /v1/children/shared-reports/{token}": Rule(None, None,
                                                       "404 404 404 404 404 404 404 404 404 404 404",
        path="/v1/children/shared-reports/nobodys-token", clinical=False),
    # figures as declared reports                       G1  G2  G3  V1  C1  E1  X1… AD  K1  K2  –
    "GET /v1/children/reports/progress": Rule("analytics:read", Action.READ,
                                                       "200 404 200 200 200 200 404 403 403 403 401",
        path="/v1/children/reports/progress?child_id=1"),
    "GET /v1/children/reports/session-figures": Rule("analytics:read", Action.READ,
                                                       "200 404 200 200 200 200 404 403 403 403 401",
        path="/v1/children/reports/session-figures?child_id=1"),
    "GET /v1/children/reports/caseload": Rule("analytics:read", None,
                                                       "403 403 403 200 200 200 200 403 403 403 401"),
    **{
        f"GET /v1/children/reports/{report}/explain": Rule("analytics:read", None,
                                                       "422 422 422 422 422 422 422 403 403 403 401",
            path=f"/v1/children/reports/{report}/explain?child_id=1&figure=unknown", asked_as=FEW)
        for report in ("progress", "session-figures", "caseload")
    },
    "GET /v1/children/{child_id}/analytics/progress-page": Rule("analytics:read", Action.READ,
                                                       "200 404 200 200 200 200 404 403 403 403 401"),
    "POST /v1/children/statements": Rule("children:write", None,
                                                       "422 422 422 422 422 422 422 403 403 403 401",
        body={"report": "unknown"}, clinical=False),
    "GET /v1/children/subscriptions": Rule("children:read", None,
                                                       "200 200 200 200 200 200 200 403 403 403 401",
        clinical=False),
    "POST /v1/children/subscriptions": Rule("children:write", None,
                                                       "422 422 422 422 422 422 422 403 403 403 401",
        body={}, clinical=False),
    **{
        f"{method} /v1/children/subscriptions/{{subscription_id}}{more}": Rule(scope, None,
                                                       "404 404 404 404 404 404 404 403 403 403 401",
            path=f"/v1/children/subscriptions/{NOBODYS}{more}", clinical=False, asked_as=FEW)
        for method, more, scope in (
            ("GET", "", "children:read"), ("GET", "/deliveries", "children:read"),
            ("DELETE", "", "children:write"), ("POST", "/resume", "children:write"),
        )
    },
    # an emergency: the admin's alone, with a reason
    "POST /v1/children/{child_id}/break-glass": Rule("users:admin", None,
                                                       "403 403 403 403 403 403 403 201 403 403 401",
        body={"reason": "the child was brought to the hospital"}),
    # the guardians' rights                             G1  G2  G3  V1  C1  E1  X1… AD  K1  K2  –
    "POST /v1/children/{child_id}/exports": Rule("export:create", Action.EXPORT,
                                                       "202 404 403 403 403 403 403 403 403 403 401",
        body={}, before=_NO_REQUESTS),
    # a copy is for whoever asked for it; this one has no file any more
    "GET /v1/children/exports/{export_id}": Rule("export:create", None,
                                                       "200 404 404 403 403 403 403 403 403 403 401",
        path=f"/v1/children/exports/{EXPORT}", before=_READY),
    "GET /v1/children/exports/{export_id}/download": Rule("export:create", None,
                                                       "410 404 404 403 403 403 403 403 403 403 401",
        path=f"/v1/children/exports/{EXPORT}/download", before=_READY),
    "POST /v1/children/{child_id}/erasure": Rule("erase:request", Action.ERASE,
                                                       "202 404 403 403 403 403 403 403 403 403 401",
        body={"confirm_name": "Emma"}, before=_NO_REQUESTS),
    "GET /v1/children/erasures/{erasure_id}": Rule("erase:request", Action.CANCEL_ERASURE,
                                                       "200 404 403 403 403 403 403 403 403 403 401",
        path=f"/v1/children/erasures/{ERASURE}", before=_AWAITING),
    # another full guardian's: Emma has none, and nobody approves what they asked for
    "POST /v1/children/erasures/{erasure_id}/approve": Rule("erase:request", Action.APPROVE_ERASURE,
                                                       "403 404 403 403 403 403 403 403 403 403 401",
        path=f"/v1/children/erasures/{ERASURE}/approve", before=_AWAITING),
    "POST /v1/children/erasures/{erasure_id}/cancel": Rule("erase:request", Action.CANCEL_ERASURE,
                                                       "200 404 403 403 403 403 403 403 403 403 401",
        path=f"/v1/children/erasures/{ERASURE}/cancel", before=_AWAITING),
    "GET /v1/children/{child_id}/access-log": Rule("children:read", Action.READ_ACCESS_LOG,
                                                       "200 404 200 403 403 403 404 403 403 403 401"),
    # what reports there are                            G1  G2  G3  V1  C1  E1  X1… AD  K1  K2  –
    "GET /v1/children/reports": Rule("children:read", None,
                                                       "200 200 200 200 200 200 200 403 403 403 401",
        clinical=False),
    "POST /v1/children/reports/{report}/exports": Rule("children:read", None,
                                                       "404 404 404 404 404 404 404 403 403 403 401",
        path="/v1/children/reports/unknown/exports", body={"format": "csv"}, clinical=False),
}
# fmt: on
"""A rule for every operation; a new route without one fails `test_matrix.py`."""
