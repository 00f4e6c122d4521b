"""security roles."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "user_security_role",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("is_all_projects", sa.Boolean(), nullable=False),
        sa.Column("is_all_open_projects", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.Column("lock_version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ["id"],
            ["object.id"],
            name=op.f("fk_user_security_role_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_user_security_role_person_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_security_role")),
    )
    op.create_index(
        "ix_user_security_role_person_id",
        "user_security_role",
        ["person_id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_table(
        "user_security_role_project",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_security_role_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.Column("lock_version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ["id"],
            ["object.id"],
            name=op.f("fk_user_security_role_project_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["project.id"],
            name=op.f("fk_user_security_role_project_project_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["user_security_role_id"],
            ["user_security_role.id"],
            name=op.f("fk_user_security_role_project_user_security_role_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_security_role_project")),
    )
    op.create_index(
        "uq_user_security_role_project",
        "user_security_role_project",
        ["user_security_role_id", "project_id"],
        unique=True,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.add_column(
        "field_descriptor", sa.Column("read_roles", postgresql.JSONB(astext_type=sa.Text()), nullable=True)
    )
    op.add_column(
        "field_descriptor", sa.Column("write_roles", postgresql.JSONB(astext_type=sa.Text()), nullable=True)
    )
    op.create_index(
        "ix_field_descriptor_roles",
        "field_descriptor",
        ["entity_type"],
        unique=False,
        postgresql_where=sa.text("read_roles IS NOT NULL OR write_roles IS NOT NULL"),
    )


def downgrade() -> None:
    """Undo the change."""
    op.drop_index(
        "ix_field_descriptor_roles",
        table_name="field_descriptor",
        postgresql_where=sa.text("read_roles IS NOT NULL OR write_roles IS NOT NULL"),
    )
    op.drop_column("field_descriptor", "write_roles")
    op.drop_column("field_descriptor", "read_roles")
    op.drop_index(
        "uq_user_security_role_project",
        table_name="user_security_role_project",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_table("user_security_role_project")
    op.drop_index(
        "ix_user_security_role_person_id",
        table_name="user_security_role",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_table("user_security_role")
    op.execute("DELETE FROM object WHERE kind IN ('UserSecurityRole', 'UserSecurityRoleProject')")
