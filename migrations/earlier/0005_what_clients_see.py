"""what clients see of a project, and a working file's verdict."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them; what exists is seen as before."""
    op.add_column(
        "project",
        sa.Column("is_client_stats_visible", sa.Boolean(), server_default=sa.text("true"), nullable=False),
    )
    op.add_column(
        "project",
        sa.Column(
            "is_client_task_list_visible", sa.Boolean(), server_default=sa.text("true"), nullable=False
        ),
    )
    op.add_column(
        "project",
        sa.Column(
            "is_client_task_panel_visible", sa.Boolean(), server_default=sa.text("true"), nullable=False
        ),
    )
    op.add_column("project_task_type", sa.Column("hd_bitrate_compression", sa.Integer(), nullable=True))
    op.add_column("project_task_type", sa.Column("ld_bitrate_compression", sa.Integer(), nullable=True))
    op.add_column(
        "project_task_type",
        sa.Column("is_client_visible", sa.Boolean(), server_default=sa.text("true"), nullable=False),
    )
    op.add_column("status_use", sa.Column("is_client_allowed", sa.Boolean(), nullable=True))
    op.add_column(
        "working_file", sa.Column("validation_status", sa.Text(), server_default="neutral", nullable=False)
    )
