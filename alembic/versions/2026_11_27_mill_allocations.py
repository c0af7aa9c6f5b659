"""Nobody allocates more than there is: the database refuses it, whatever route it comes by (spec R11).

A growing allocation locks its yarn's row of the inventory (or its receipt) and is held against the sum of all
that are live. A snapshot of stock that brings less than is promised is what it is: the file is read, and what
is promised beyond it is given back by the service.

Revision ID: 0024_mill_allocations
Revises: 0023_mill_plans
"""

from alembic import op

revision: str = "0026_mill_allocations"
down_revision: str | None = "0025_mill_schedule"
branch_labels: str | None = None
depends_on: str | None = None

_WITHIN = """
    CREATE FUNCTION mill.refuse_over_allocation() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE there numeric; held numeric;
    BEGIN
        IF NEW.kind = 'expected' THEN
            SELECT quantity INTO there FROM mill.expected_receipts
            WHERE id = NEW.expected_receipt_id FOR UPDATE;
            SELECT sum(quantity_lb) INTO held FROM mill.allocations
            WHERE expected_receipt_id = NEW.expected_receipt_id AND released_at IS NULL;
        ELSE
            SELECT greatest(0, theoretical_balance) INTO there FROM mill.yarn_inventory
            WHERE yarn_id = NEW.yarn_id FOR UPDATE;
            SELECT sum(quantity_lb) INTO held FROM mill.allocations
            WHERE yarn_id = NEW.yarn_id AND released_at IS NULL AND kind <> 'expected';
        END IF;
        IF held > coalesce(there, 0) THEN
            RAISE EXCEPTION 'more is allocated (% lb) than there is (% lb)', held, coalesce(there, 0)
                USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_allocations_within_stock';
        END IF;
        RETURN NULL;
    END $$
"""
_INSERTED = """
    CREATE TRIGGER within_stock AFTER INSERT ON mill.allocations FOR EACH ROW
    WHEN (NEW.released_at IS NULL) EXECUTE FUNCTION mill.refuse_over_allocation()
"""
_GROWN = """
    CREATE TRIGGER within_stock_grown AFTER UPDATE ON mill.allocations FOR EACH ROW
    WHEN (NEW.released_at IS NULL AND (
        NEW.quantity_lb > OLD.quantity_lb OR OLD.released_at IS NOT NULL OR NEW.yarn_id <> OLD.yarn_id
        OR NEW.kind <> OLD.kind OR NEW.expected_receipt_id IS DISTINCT FROM OLD.expected_receipt_id))
    EXECUTE FUNCTION mill.refuse_over_allocation()
"""


def upgrade() -> None:
    """Guard the table."""
    for statement in (_WITHIN, _INSERTED, _GROWN):
        op.execute(statement)


def downgrade() -> None:
    """Leave it to the service."""
    op.execute("DROP TRIGGER within_stock_grown ON mill.allocations")
    op.execute("DROP TRIGGER within_stock ON mill.allocations")
    op.execute("DROP FUNCTION mill.refuse_over_allocation()")
