"""Allocations as they are answered."""

from typing import Any

from sqlalchemy import Row

from service.mill.answers.shown import lb


def allocation_object(row: Row[Any]) -> dict[str, Any]:
    """An allocation, live or released."""
    return {
        "id": row.id,
        "order_no": row.order_no,
        "style_code": row.style_code,
        "yarn_code": row.yarn_code,
        "kind": row.kind,
        "required_lb": lb(row.required_lb),
        "quantity_lb": lb(row.quantity_lb),
        "receipt_id": row.expected_receipt_id,
        "receipt_known": None if row.expected_receipt_id is None else row.receipt_known,
        "available_on": row.available_on,
        "created_by": row.created_by,
        "created_at": row.created_at,
        "released_at": row.released_at,
        "released_by": row.released_by,
        "release_reason": row.release_reason,
    }
