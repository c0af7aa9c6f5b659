"""A child's description between its rows and the document that people write."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from service.children.models import Child, EmergencyContact, Safety, SensoryDomain, Therapy
from service.children.queries.profiles import PARTS
from service.children.rules.sealed import open_list, open_text, seal_list, seal_text
from service.core.sealing import Sealer
from service.schemas.children.care import ContactAsk, SafetyAsk, SensoryProfileAsk, TherapyAsk
from service.schemas.children.family import ChildDocument

OWN: Final = tuple(name for name in ChildDocument.model_fields if name not in PARTS)
"""The fields that lie in the child's own row."""


def record_of(child: Child, sealer: Sealer) -> dict[str, Any]:
    """The document of a child, in plain values: what a change is merged into."""
    own = {name: getattr(child, name) for name in OWN}
    if child.date_of_birth is not None:
        own["age"] = None
    parts = {
        "sensory_profile": senses_of(child.sensory) or None,
        "therapies": [_therapy(one) for one in child.therapies],
        "safety_protocols": None if child.safety is None else _safety(child.safety, sealer),
        "emergency_contacts": [_contact(one, sealer) for one in child.contacts],
    }
    return {**own, **parts}


def senses_of(domains: Sequence[SensoryDomain | Any]) -> dict[str, Any]:
    """Sensory domains by name."""
    return {
        one.domain: {
            "sensitivity": one.sensitivity,
            "preferences": one.preferences,
            "triggers": one.triggers,
            "accommodations": one.accommodations,
        }
        for one in domains
    }


def _therapy(one: Therapy) -> dict[str, Any]:
    return {name: getattr(one, name) for name in TherapyAsk.model_fields}


def _safety(one: Safety, sealer: Sealer) -> dict[str, Any]:
    return {
        "elopement_risk": one.elopement_risk,
        "medical_conditions": open_list(sealer, one.child_id, "medical_conditions", one.medical_conditions),
        "medications": open_list(sealer, one.child_id, "medications", one.medications),
        "emergency_procedures": one.emergency_procedures,
        "calming_strategies": one.calming_strategies,
        "triggers_to_avoid": one.triggers_to_avoid,
    }


def _contact(one: EmergencyContact, sealer: Sealer) -> dict[str, Any]:
    return {
        "name": one.name,
        "phone": open_text(sealer, one.child_id, "phone", one.phone),
        "relationship": one.relationship_,
        "email": open_text(sealer, one.child_id, "email", one.email),
        "is_primary": one.is_primary,
    }


def rows_of(part: str, document: ChildDocument, child_id: int, sealer: Sealer) -> Sequence[Mapping[str, Any]]:
    """The rows of a part of the description, what is to be sealed sealed."""
    if part == "sensory_profile":
        return sensory_rows(document.sensory_profile)
    if part == "therapies":
        return [one.model_dump() for one in document.therapies]
    if part == "safety_protocols":
        return _safety_rows(document.safety_protocols, child_id, sealer)
    return [_contact_row(one, child_id, sealer) for one in document.emergency_contacts]


def sensory_rows(profile: SensoryProfileAsk | None) -> list[dict[str, Any]]:
    """The rows of the domains that a profile has."""
    if profile is None:
        return []
    given = {domain: getattr(profile, domain) for domain in SensoryProfileAsk.model_fields}
    return [{"domain": domain, **said.model_dump()} for domain, said in given.items() if said]


def _safety_rows(safety: SafetyAsk | None, child_id: int, sealer: Sealer) -> list[dict[str, Any]]:
    if safety is None:
        return []
    sealed = {
        "medical_conditions": seal_list(sealer, child_id, "medical_conditions", safety.medical_conditions),
        "medications": seal_list(sealer, child_id, "medications", safety.medications),
    }
    return [{**safety.model_dump(), **sealed}]


def _contact_row(contact: ContactAsk, child_id: int, sealer: Sealer) -> dict[str, Any]:
    return {
        "name": contact.name,
        "relationship": contact.relationship,
        "phone": seal_text(sealer, child_id, "phone", contact.phone),
        "email": seal_text(sealer, child_id, "email", contact.email),
        "is_primary": contact.is_primary,
    }
