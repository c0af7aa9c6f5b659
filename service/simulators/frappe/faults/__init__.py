"""Faults a test can order from the site: which requests they hit is the plan's business, what they do the
kinds'."""

from service.simulators.frappe.faults.bodies import (
    dropped_rows,
    edited,
    empty_data,
    extra_fields,
    wrong_types,
)
from service.simulators.frappe.faults.plan import Fault, FaultPlan, Rule
from service.simulators.frappe.faults.refusals import (
    credential_refused,
    forbidden,
    login_page,
    maintenance,
    server_failure,
    too_many_requests,
)
from service.simulators.serving.faults import (
    broken_off,
    gzip_bomb,
    hang_after_headers,
    html_error,
    huge_body,
    latency,
    mutate,
    raw,
    reset,
    slow_body,
    truncated,
    wrong_content_type,
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
