"""The statements that find an actor by what they sent: a session, a password, a key."""

from __future__ import annotations

from zou_server.services.people.load_actor import ActorQuery
from zou_server.services.people.set_password import CredentialKind

REUSE_SECONDS = 60
"""How long a refresh token that was replaced is still taken: tabs and threads ask at the same time."""

_SESSION = "login_session s JOIN person p ON p.id = s.person_id"
_LIVE_SESSION = "s.kind = $2 AND s.revoked_at IS NULL AND s.expires_at > now()"
BY_SESSION = ActorQuery("by_session", _SESSION, f"s.id = $1 AND {_LIVE_SESSION}", "s.id")
BY_DIGEST = ActorQuery("by_digest", _SESSION, f"s.digest = $1 AND {_LIVE_SESSION}", "s.id")

BY_REFRESH = ActorQuery(
    "by_refresh",
    _SESSION,
    f"s.id = $1 AND {_LIVE_SESSION}",
    "s.id, coalesce(s.parent_id, s.id), "
    f"coalesce(s.replaced_at < now() - interval '{REUSE_SECONDS} s', false), s.proved_elsewhere",
)

_LOGIN = """
NOT p.is_bot AND (lower(p.email) = lower($1) AND NOT p.shares_email OR lower(p.login) = lower($1))
ORDER BY lower(p.email) = lower($1) AND NOT p.shares_email DESC NULLS LAST LIMIT 1
"""
_PROOF = """
person p LEFT JOIN credential c ON c.person_id = p.id AND c.kind = 'password' AND c.revoked_at IS NULL
"""
_PROOF_COLUMNS = "c.id, c.digest, c.created_at, p.data ->> 'locked_until'"
BY_LOGIN = ActorQuery("by_login", "person p", _LOGIN)
BY_PASSWORD = ActorQuery("by_password", _PROOF, _LOGIN, _PROOF_COLUMNS)
BY_ID = ActorQuery("known_elsewhere", "person p", "p.id = $1", "p.data ->> 'locked_until'")
OWN_PASSWORD = ActorQuery("own_password", _PROOF, "p.id = $1", _PROOF_COLUMNS)


def _key_query(kind: CredentialKind, owner: str) -> ActorQuery:
    live = f"c.digest = $1 AND c.kind = '{kind}' AND c.kind <> 'password' AND c.revoked_at IS NULL"
    live += " AND (c.expires_at IS NULL OR c.expires_at > now())"
    columns = "c.id, c.digest, coalesce(c.last_used_at > now() - interval '1 minute', false)"
    source = "credential c JOIN person p ON p.id = c.person_id"
    return ActorQuery(kind, source, f"{live} AND {owner}", columns)


BY_KEY = {
    CredentialKind.SCRIPT_KEY: _key_query(CredentialKind.SCRIPT_KEY, "p.is_bot AND p.first_name = $2"),
    CredentialKind.API_KEY: _key_query(
        CredentialKind.API_KEY, "NOT p.is_bot AND lower($2) IN (lower(p.login), lower(p.email))"
    ),
}
