"""a refresh token is replaced when it is used."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Those there are have not been replaced."""
    op.add_column("login_session", sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True))
