"""People, teams and authenticators for tests: everybody is made through the write pipeline."""

from __future__ import annotations

import itertools
import sys
from typing import TYPE_CHECKING, Any

from zou_server.models.actor import SYSTEM
from zou_server.models.registry import facet
from zou_server.services.people.authenticate import Authenticator, LoginRules
from zou_server.services.people.set_password import set_password
from zou_server.services.rulebook import RULEBOOK
from zou_server.services.studio import Studio
from zou_server.services.write.operations import Create, Delete, Update

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable
    from types import CodeType, FrameType

    from sqlalchemy import Engine

PASSWORD = "correct horse battery"
SECRET_KEY = "a secret key of forty characters, no less"
_numbers = itertools.count(1)


def create(engine: Engine, facet_name: str, **values: Any) -> uuid.UUID:
    """Make a row of a facet and return its id."""
    with Studio(engine, engine, RULEBOOK).write(SYSTEM) as work:
        (made,) = work.execute([Create(facet(facet_name), values)])
        work.commit()
    return made.id


def update(engine: Engine, facet_name: str, id_: uuid.UUID, **values: Any) -> None:
    """Change a row of a facet."""
    with Studio(engine, engine, RULEBOOK).write(SYSTEM) as work:
        work.execute([Update(facet(facet_name), id_, values)])
        work.commit()


def delete(engine: Engine, facet_name: str, id_: uuid.UUID) -> None:
    """Retire a row of a facet."""
    with Studio(engine, engine, RULEBOOK).write(SYSTEM) as work:
        work.execute([Delete(facet(facet_name), id_)])
        work.commit()


def new_email() -> str:
    """Return an address that nobody in this database has."""
    return f"person{next(_numbers)}@example.com"


def hire(engine: Engine, email: str, **values: Any) -> uuid.UUID:
    """Make a person who can log in with PASSWORD, and return their id."""
    person_id = create(engine, "Person", email=email, first_name="Ada", last_name="Lovelace", **values)
    set_password(engine, person_id, PASSWORD)
    return person_id


def authenticator_on(reads: Engine, writes: Engine, **rules: Any) -> Authenticator:
    """Return what one web process has; two of them on engines of their own are two processes."""
    return Authenticator(reads, writes, SECRET_KEY, LoginRules(**rules))


def calls_of(code: CodeType, action: Callable[[], object]) -> int:
    """Run the action and count how often it ran a piece of code; its exceptions are its own affair."""
    count = 0

    def watch(frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event == "call" and frame.f_code is code

    sys.setprofile(watch)
    try:
        action()
    except Exception:  # noqa: BLE001, S110 - only what ran is of interest
        pass
    finally:
        sys.setprofile(None)
    return count
