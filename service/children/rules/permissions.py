"""What each level of access lets somebody do at a child (spec E4.4). The scopes come first, then this."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from service.schemas.children.words import Level


class Action(StrEnum):
    """A deed at a child, or reading it."""

    READ = "read"
    UPDATE = "update"
    UPDATE_CARE = "update_care"
    """Sensory profile and therapies."""
    PLAY = "play"
    """Start, change and end sessions."""
    FEEDBACK = "feedback"
    VOID = "void"
    VOID_OWN = "void_own"
    """A session that one started oneself, within a day."""
    ADD_NOTE = "add_note"
    ADD_ACTIVITY = "add_activity"
    UPDATE_ACTIVITY = "update_activity"
    """Tell one otherwise that is there; devices only add."""
    VERIFY_ACTIVITY = "verify_activity"
    ADD_ASSESSMENT = "add_assessment"
    AWARD_POINTS = "award_points"
    WRITE_REPORT = "write_report"
    READ_DRAFTS = "read_drafts"
    """Reports that are not published; those of oneself come with the authorship."""
    SHARE_REPORT = "share_report"
    """Show a published report to somebody who does not see the child, and take that back."""
    SIGN = "sign"
    """Seal figures as a statement; reading them, as a file or by subscription too, is `READ`."""
    INVITE = "invite"
    END_OWN_ASSIGNMENT = "end_own_assignment"
    MANAGE_GUARDIANS = "manage_guardians"
    CONSENT = "consent"
    EXPORT = "export"
    ERASE = "erase"
    APPROVE_ERASURE = "approve_erasure"
    """Of another full guardian; nobody approves what they asked for."""
    CANCEL_ERASURE = "cancel_erasure"
    READ_ACCESS_LOG = "read_access_log"


_GUARDIANS: Final[frozenset[Level]] = frozenset({"primary", "full"})
_READERS: Final[frozenset[Level]] = frozenset(
    {"primary", "full", "read_only", "view", "comment", "edit", "break_glass"}
)
_PROFESSIONALS: Final[frozenset[Level]] = frozenset({"view", "comment", "edit"})

ALLOWED: Final[Mapping[Action, frozenset[Level]]] = {
    Action.READ: _READERS,
    Action.UPDATE: _GUARDIANS,
    Action.UPDATE_CARE: _GUARDIANS | {"edit"},
    Action.PLAY: _GUARDIANS | {"edit", "key"},
    Action.FEEDBACK: _GUARDIANS,
    Action.VOID: _GUARDIANS,
    Action.VOID_OWN: _GUARDIANS | {"edit"},
    Action.ADD_NOTE: _GUARDIANS | {"comment", "edit"},
    Action.ADD_ACTIVITY: _GUARDIANS | {"edit", "key"},
    Action.UPDATE_ACTIVITY: _GUARDIANS | {"edit"},
    Action.VERIFY_ACTIVITY: _GUARDIANS | {"comment", "edit"},
    Action.ADD_ASSESSMENT: frozenset({"comment", "edit"}),
    Action.AWARD_POINTS: _GUARDIANS | {"edit"},
    Action.WRITE_REPORT: frozenset({"edit"}),
    Action.READ_DRAFTS: frozenset({"edit", "break_glass"}),
    Action.SHARE_REPORT: _GUARDIANS | {"edit"},
    Action.SIGN: _GUARDIANS | {"edit"},
    Action.INVITE: _GUARDIANS,
    Action.END_OWN_ASSIGNMENT: _GUARDIANS | _PROFESSIONALS,
    Action.MANAGE_GUARDIANS: frozenset({"primary"}),
    Action.CONSENT: _GUARDIANS,
    Action.EXPORT: _GUARDIANS,
    Action.ERASE: frozenset({"primary"}),
    Action.APPROVE_ERASURE: frozenset({"full"}),
    Action.CANCEL_ERASURE: _GUARDIANS,
    Action.READ_ACCESS_LOG: _GUARDIANS | {"read_only"},
}
"""Who may do what; a level that is not named may not."""

WHILE_RESTRICTED: Final = frozenset(
    {
        Action.READ,
        Action.CONSENT,
        Action.EXPORT,
        Action.ERASE,
        Action.APPROVE_ERASURE,
        Action.CANCEL_ERASURE,
        Action.READ_ACCESS_LOG,
    }
)
"""What remains while a child is restricted (spec E6): guardians read, and use their rights."""


def may(level: Level, action: Action) -> bool:
    """Whether somebody of this level may do it."""
    return level in ALLOWED[action]
