"""Rows from files: an export of somebody's own site, the recorded oracle, wide lists of first and last
punches."""

from service.simulators.frappe.loading.directory import load_directory
from service.simulators.frappe.loading.failure import LoadError
from service.simulators.frappe.loading.oracle import load_oracle
from service.simulators.frappe.loading.recognise import load_data
from service.simulators.frappe.loading.wide import load_wide_checkins

__all__ = ["LoadError", "load_data", "load_directory", "load_oracle", "load_wide_checkins"]
