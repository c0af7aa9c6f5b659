"""Files that runs have written, in parts."""

import sqlalchemy as sa
from alembic import op

revision: str = "0007_run_files"
down_revision: str | None = "0006_statements"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both tables; the bytes are packed already, so they are stored as they are."""
    op.create_table(
        "run_file",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["muster.run.id"], name=op.f("fk_run_file_run_id_run"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_run_file")),
        schema="muster",
    )
    op.create_index("ix_run_file_expires_at", "run_file", ["expires_at"], schema="muster")
    op.create_table(
        "run_file_part",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["muster.run_file.run_id"],
            name=op.f("fk_run_file_part_run_id_run_file"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("run_id", "number", name=op.f("pk_run_file_part")),
        schema="muster",
    )
    op.execute("ALTER TABLE muster.run_file_part ALTER COLUMN content SET STORAGE EXTERNAL")


def downgrade() -> None:
    """Drop both."""
    op.drop_table("run_file_part", schema="muster")
    op.drop_index("ix_run_file_expires_at", "run_file", schema="muster")
    op.drop_table("run_file", schema="muster")
