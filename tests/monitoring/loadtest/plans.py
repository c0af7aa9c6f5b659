"""Plans for tests, as a file would hold them."""

from typing import Any

from service.monitoring.loadtest.plan import Plan


def plan(**given: Any) -> Plan:
    """An open plan of one second with one request, unless something else is given."""
    document: dict[str, Any] = {"stage": [{"seconds": 1, "rate": 100}], "request": [{"path": "/one"}]}
    return Plan.model_validate({**document, **given})
