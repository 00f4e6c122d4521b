"""files in chats."""

from __future__ import annotations

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.execute("""
    CREATE TABLE chat_file (
        id uuid NOT NULL,
        name text,
        extension text,
        mimetype text,
        size bigint,
        checksum text,
        file_key text,
        chat_message_id uuid NOT NULL,
        created_at timestamp with time zone NOT NULL,
        updated_at timestamp with time zone NOT NULL,
        created_by_id uuid,
        updated_by_id uuid,
        lock_version integer DEFAULT 0 NOT NULL,
        deleted_at timestamp with time zone,
        data jsonb,
        CONSTRAINT pk_chat_file PRIMARY KEY (id),
        CONSTRAINT fk_chat_file_id FOREIGN KEY (id) REFERENCES object (id) DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT fk_chat_file_chat_message_id FOREIGN KEY (chat_message_id) REFERENCES chat_message (id)
            DEFERRABLE INITIALLY DEFERRED
    );
    CREATE INDEX ix_chat_file_chat_message_id ON chat_file (chat_message_id);
    """)


def downgrade() -> None:
    """Undo the change."""
    op.execute("DROP TABLE chat_file")
    op.execute("DELETE FROM object WHERE kind = 'ChatFile'")
