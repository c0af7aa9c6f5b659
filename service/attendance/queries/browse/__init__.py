"""What one can browse: entities by ORM with what is shown loaded eagerly, events set-wise.

Every list is one page of a keyset order; the number of statements does not depend on the number of rows.
"""

from service.attendance.queries.browse.checkins import list_checkins
from service.attendance.queries.browse.corrections import (
    find_correction,
    find_schedules,
    list_corrections,
    list_schedules,
)
from service.attendance.queries.browse.days import count_dirty, count_undecided, list_days
from service.attendance.queries.browse.leaves import list_leaves
from service.attendance.queries.browse.listed import Asking, Listed
from service.attendance.queries.browse.masters import (
    list_devices,
    list_holiday_lists,
    list_shift_types,
    list_sites,
)
from service.attendance.queries.browse.people import find_person, list_people, require_people, require_person
from service.attendance.queries.browse.rule_sets import list_rule_sets
from service.attendance.queries.browse.upstream_attendance import list_upstream_attendance
from service.attendance.queries.browse.visible import Visible, visible_to

__all__ = [
    "Asking",
    "Listed",
    "Visible",
    "count_dirty",
    "count_undecided",
    "find_correction",
    "find_person",
    "find_schedules",
    "list_checkins",
    "list_corrections",
    "list_days",
    "list_devices",
    "list_holiday_lists",
    "list_leaves",
    "list_people",
    "list_rule_sets",
    "list_schedules",
    "list_shift_types",
    "list_sites",
    "list_upstream_attendance",
    "require_people",
    "require_person",
    "visible_to",
]
