"""Families that are made up: parents, professionals and children with months of play, from a seed."""

from service.simulators.families.children import Sealing
from service.simulators.families.loading import Settled, settle
from service.simulators.families.plan import ADMIN, DOMAIN, PARENT, PROFESSIONAL, Plan

__all__ = ["ADMIN", "DOMAIN", "PARENT", "PROFESSIONAL", "Plan", "Sealing", "Settled", "settle"]
