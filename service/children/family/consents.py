"""Consents: given for a purpose and a version of the policy, withdrawn in one call (spec E9)."""

from collections.abc import Sequence
from typing import Any

from service.children.family.call import Call
from service.schemas.children.family import ConsentGiven


def consent_rows(call: Call, child_id: int, given: Sequence[ConsentGiven]) -> list[dict[str, Any]]:
    """The rows of consents that who asks gives to the present policy."""
    return [
        {
            "child_id": child_id,
            "granted_by": call.person,
            "purpose": consent.purpose,
            "policy_version": call.settings.policy_version,
            "evidence": {"by": call.caller.kind},
        }
        for consent in given
    ]
