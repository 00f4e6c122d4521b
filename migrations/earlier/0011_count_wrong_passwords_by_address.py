"""wrong passwords are counted by name and address; a key may expire, and tells where it was used."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Begin anew: nobody is locked out."""
    op.create_table(
        "login_failure",
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("login", "address", name=op.f("pk_login_failure")),
    )
    op.create_index("ix_login_failure_at", "login_failure", ["at"])
    op.drop_column("credential", "locked_until")
    op.drop_column("credential", "failures")
    op.add_column("credential", sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("credential", sa.Column("last_address", sa.Text(), nullable=True))
