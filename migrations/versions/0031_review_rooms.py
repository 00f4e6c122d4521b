"""review rooms."""

from __future__ import annotations

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.execute("""
    ALTER TABLE hub_message ADD COLUMN channel text DEFAULT 'zou_server_hub' NOT NULL;
    CREATE TABLE review_room (
        playlist_id uuid NOT NULL,
        playback jsonb NOT NULL,
        updated_at timestamp with time zone DEFAULT now() NOT NULL,
        CONSTRAINT pk_review_room PRIMARY KEY (playlist_id)
    );
    CREATE TABLE review_seat (
        playlist_id uuid NOT NULL,
        connection text NOT NULL,
        person_id uuid NOT NULL,
        joined_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
        seen_at timestamp with time zone DEFAULT now() NOT NULL,
        CONSTRAINT pk_review_seat PRIMARY KEY (playlist_id, connection)
    );
    """)


def downgrade() -> None:
    """Undo the change."""
    op.execute("DROP TABLE review_seat")
    op.execute("DROP TABLE review_room")
    op.execute("DELETE FROM hub_message WHERE channel <> 'zou_server_hub'")
    op.execute("ALTER TABLE hub_message DROP COLUMN channel")
