"""Tell those who listen what happens, as it happens: the event log followed by number.

Each listener has the number of the last event that was dealt with for them. In a pass everybody's session is
read again by one statement; those who are at the same place in the log and may see the same rows of it are
one group, and each group is read one page by one statement, whatever the number of listeners. So nothing is
lost while the database or a wake-up is away, and nothing is told twice.

The log is also the queue of whoever is slow: a listener who cannot take more now is asked again later, and
until then nothing is kept for them in memory.
"""

from __future__ import annotations

import itertools
import logging
import threading
import time
import uuid
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any, Protocol

from zou_server.models.actor import Actor
from zou_server.models.conditions import All, Op, Order, Query, View, Where
from zou_server.models.errors import Unavailable
from zou_server.models.row_scope import TOLD_TO_ONE, row_scope
from zou_server.query.lift import lift
from zou_server.query.spelling import Spelling
from zou_server.services.people.read_sessions import Sessions, read_sessions

if TYPE_CHECKING:
    from zou_server.services.ports import WakeUps
    from zou_server.services.studio import Studio

PAGE = 500
"""Events of one statement. It is small, because whoever is told of them is to answer a ping behind them."""

PAUSE_SECONDS = 0.05
"""From the beginning of a pass to that of the next one: what is committed meanwhile is told together.

After a pass that took long it is longer, so that passes never take more than half of the time.
"""

TICK_SECONDS = 5.0
"""The longest time without a pass, in case a wake-up was lost or a session expired."""

MOST_SCOPES = 10_000
"""So many ways to see the log are kept apart by number before they are counted anew."""

RETRY_SECONDS = 1.0
"""The pause after a pass that failed."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Listener:
    """A listener: the speaker's name for them, their session and id, the last event dealt with.

    `actor` is who they were in the pass before, `scope` the number of what that actor sees of the log.
    """

    key: str
    session_id: uuid.UUID
    seen: int
    person_id: str = ""
    actor: Actor | None = None
    scope: int = 0


class Speaker(Protocol):
    """How a dialect talks to its listeners.

    `events` is the log as the dialect writes it, with the keys `number`, `kind` and `data`; conditions, order
    and limit are ours.
    """

    client: str
    events: Query
    spelling: Spelling

    def can_take(self, key: str) -> bool:
        """Tell whether this listener can be told something now; False also when they are gone."""

    def tell(self, keys: Sequence[str], rows: Sequence[dict[str, Any]]) -> None:
        """Tell these listeners of these events, in this order."""

    def send_away(self, key: str, *, for_good: bool) -> None:
        """End a listener's connection: for good when they logged out, else they may come back."""


@dataclass(slots=True)
class _Group:
    """Listeners who are told the same: an actor as good as any of them, and where they are in the log."""

    actor: Actor
    seen: int
    listeners: list[Listener]


class EventFollower:
    """Follows the log while somebody listens. One for each process and dialect.

    `count` is told how many listen whenever somebody comes or goes; `read` looks at their sessions.
    """

    def __init__(
        self,
        studio: Studio,
        open_wake_ups: Callable[[], WakeUps],
        speaker: Speaker,
        count: Callable[[int], None] = lambda _listeners: None,
        read: Callable[..., Sessions] = read_sessions,
    ) -> None:
        self._studio, self._open_wake_ups, self._speaker = studio, open_wake_ups, speaker
        self._count, self._read = count, read
        self._listeners: dict[str, Listener] = {}
        self._scopes: dict[Hashable, int] = {}
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._wake_ups: WakeUps | None = None

    def join(self, listener: Listener) -> None:
        """Tell this listener from now on; the first one starts the following."""
        with self._lock:
            self._listeners[listener.key] = listener
            self._count(len(self._listeners))
            if self._wake_ups is None:
                self._wake_ups = self._open_wake_ups()
                target, arguments = self._follow, (self._wake_ups,)
                threading.Thread(target=target, args=arguments, name="live events", daemon=True).start()
            self._wake_ups.wake()

    def leave(self, key: str) -> None:
        """Forget a listener; the last one ends the following."""
        with self._lock:
            self._listeners.pop(key, None)
            self._count(len(self._listeners))
            if self._wake_ups is not None and not self._listeners:
                self._wake_ups.wake()

    # -- the loop --------------------------------------------------------------------------------

    def _follow(self, wake_ups: WakeUps) -> None:
        while not self._is_over():
            try:
                self._round(wake_ups)
            except Unavailable as error:
                log.warning("live events wait for the database: %s", error.message)
                time.sleep(RETRY_SECONDS)
            except Exception:
                log.exception("a pass over the live events failed")
                time.sleep(RETRY_SECONDS)
        wake_ups.close()

    def _is_over(self) -> bool:
        with self._lock:
            if not self._listeners:
                self._wake_ups = None
            return self._wake_ups is None

    def _round(self, wake_ups: WakeUps) -> None:
        """A pass, and the time until the next one."""
        began = time.monotonic()
        seconds = self.tell_listeners()
        until = began + max(PAUSE_SECONDS, 2 * (time.monotonic() - began))
        if seconds:
            wake_ups.wait(seconds)
        time.sleep(max(0.0, until - time.monotonic()) if seconds else 0.0)

    # -- a pass ----------------------------------------------------------------------------------

    def tell_listeners(self) -> float:
        """Tell everybody the next page of what they have not heard; the seconds to wait for the next pass."""
        listeners = list(self._listeners.values())
        sessions = {each.session_id for each in listeners}
        found = self._read(self._studio.reads, sessions, client=self._speaker.client)
        present = []
        for each in listeners:
            actor = found.actors.get(each.session_id)
            if actor is None:
                self._speaker.send_away(each.key, for_good=each.session_id in found.ended)
            elif each.seen < found.last:
                present.append((each, actor))
        ready = [(each, actor) for each, actor in present if self._speaker.can_take(each.key)]
        is_more = [self._tell(group, found.last) for group in self._groups(ready)]
        if any(is_more):
            return 0.0
        return PAUSE_SECONDS if len(ready) < len(present) else TICK_SECONDS

    def _groups(self, ready: Iterable[tuple[Listener, Actor]]) -> list[_Group]:
        groups: dict[Hashable, _Group] = {}
        for listener, actor in ready:
            if listener.actor != actor:
                listener.actor, listener.scope = actor, self._number_of(self._scope(actor))
            key = (listener.scope, actor.company_ids, listener.seen)
            groups.setdefault(key, _Group(actor, listener.seen, [])).listeners.append(listener)
        return list(groups.values())

    def _number_of(self, scope: Hashable) -> int:
        """A number for what somebody sees, the same for all who see the same: it is compared sooner."""
        if len(self._scopes) > MOST_SCOPES:
            self._scopes = {}
            for each in list(self._listeners.values()):
                each.actor = None
        return self._scopes.setdefault(scope, next(self._numbers))

    def _scope(self, actor: Actor) -> Hashable:
        """What an actor sees of the log, equal for those who see the same.

        The scope of the log's own rows says it all: an event as it is told has no link to other rows.
        """
        query = replace(
            self._speaker.events, seen_by=View(scope=row_scope(actor, self._speaker.events.facet))
        )
        lifted, values = lift(query)
        # The order of a list, which is that of the database's rows, makes no difference.
        return lifted, tuple(frozenset(each) if isinstance(each, list) else each for each in values)

    def _tell(self, group: _Group, last: int) -> bool:
        """Tell a group a page of events; True when there is another one."""
        between = All((Where("number", Op.GT, group.seen), Where("number", Op.LE, last)))
        query = replace(self._speaker.events, where=between, order=(Order("number"),), limit=PAGE)
        page = self._studio.read(group.actor, again=False).page(query, self._speaker.spelling)
        rows = page.rows()
        self._tell_rows(group, rows)
        is_more = page.count == PAGE
        for each in group.listeners:
            each.seen = rows[-1]["number"] if is_more else last
        return is_more

    def _tell_rows(self, group: _Group, rows: Sequence[dict[str, Any]]) -> None:
        """Tell a group these events in their order; what is for one person is told to that person alone."""
        everybody = [each.key for each in group.listeners]
        for is_private, run in groupby(rows, key=lambda row: row.get("kind") in TOLD_TO_ONE):
            if not is_private:
                self._speaker.tell(everybody, list(run))
                continue
            for row in run:
                told = row["data"].get("person_id")
                self._speaker.tell([e.key for e in group.listeners if e.person_id == told], [row])
