"""A stand-in for a Frappe HR / ERPNext site: its REST interface over rows in an SQLite file (spec E, as
observed)."""

from service.simulators.frappe.app import create_app
from service.simulators.frappe.config import ApiKey, FrappeConfig, RateLimit
from service.simulators.frappe.generate import GeneratorConfig, bulk_checkins, generate
from service.simulators.frappe.loading import (
    LoadError,
    load_data,
    load_directory,
    load_oracle,
    load_wide_checkins,
)
from service.simulators.frappe.run import Simulation, run_simulator
from service.simulators.frappe.server import FrappeServer
from service.simulators.frappe.store import Store
from service.simulators.serving.server import PortTakenError

__all__ = [
    "ApiKey",
    "FrappeConfig",
    "FrappeServer",
    "GeneratorConfig",
    "LoadError",
    "PortTakenError",
    "RateLimit",
    "Simulation",
    "Store",
    "bulk_checkins",
    "create_app",
    "generate",
    "load_data",
    "load_directory",
    "load_oracle",
    "load_wide_checkins",
    "run_simulator",
]
