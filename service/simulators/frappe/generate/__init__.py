"""Seeded data: a whole firm with its people, shifts, punches and Frappe's own Attendance; and plain mass
data."""

from service.simulators.frappe.generate.bulk import bulk_checkins
from service.simulators.frappe.generate.firm import GeneratorConfig, generate

__all__ = ["GeneratorConfig", "bulk_checkins", "generate"]
