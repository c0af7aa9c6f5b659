"""Faults a test can order from the site: which requests they hit is the plan's business, what they do the
kinds'."""

from service.simulators.frappe.faults.bodies import (
    dropped_rows,
    edited,
    empty_data,
    extra_fields,
    gzip_bomb,
    huge_body,
    truncated,
    wrong_content_type,
    wrong_types,
)
from service.simulators.frappe.faults.plan import Fault, FaultPlan, Rule
from service.simulators.frappe.faults.refusals import (
    credential_refused,
    forbidden,
    html_error,
    login_page,
    maintenance,
    raw,
    server_failure,
    too_many_requests,
)
from service.simulators.frappe.faults.wire import (
    broken_off,
    hang_after_headers,
    latency,
    mutate,
    reset,
    slow_body,
)

__all__ = [
    "Fault",
    "FaultPlan",
    "Rule",
    "broken_off",
    "credential_refused",
    "dropped_rows",
    "edited",
    "empty_data",
    "extra_fields",
    "forbidden",
    "gzip_bomb",
    "hang_after_headers",
    "html_error",
    "huge_body",
    "latency",
    "login_page",
    "maintenance",
    "mutate",
    "raw",
    "reset",
    "server_failure",
    "slow_body",
    "too_many_requests",
    "truncated",
    "wrong_content_type",
    "wrong_types",
]
