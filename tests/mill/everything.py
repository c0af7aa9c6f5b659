"""One thing of every kind that a route of the mill may name: the mill of F-58 with a plan of it."""

from typing import Any, Final

from tests.mill.scenario import AS_OF, settle_f58, style

CODE: Final = "Y1"
"""Of a yarn, and of a style as well."""
THINGS: Final[dict[str, Any]] = {
    "plan": "latest",
    "other": 1,
    "seq": 1,
    "job_id": 1,
    "number": 1,
    "no": "O1",
    "code": CODE,
    "yarn": CODE,
    "table": "yarn_inventory",
    "report": "shortages",
}
"""What stands in a path, by the name of its parameter."""


async def arrange(house: Any) -> None:
    """Put `THINGS` into an empty mill; `house` has a runtime and `sql`."""
    await settle_f58(house)
    await style(house, CODE)
    await house.sql(
        "INSERT INTO mill.allocations (order_id, yarn_id, kind, required_lb, quantity_lb, created_by)"
        " SELECT o.id, y.id, 'hard', 10, 10, 'test' FROM mill.production_orders o, mill.yarns y"
        " WHERE o.order_no = 'O1' AND y.yarn_code = 'Y1'"
    )
    done = await house.runtime.tasks.run_now("mill.plan", {"as_of": AS_OF}, "test")
    assert done.state == "done", done.error
