"""What attachments have on this wire: what they belong to, and bytes that are sent within a body."""

from __future__ import annotations

import base64
import binascii
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from zou_server.blueprints.shotrunner.attributes import (
    State,
    TargetNumber,
    TargetType,
    Values,
    kind_named,
    target_reference,
)
from zou_server.blueprints.shotrunner.lookup import link_to
from zou_server.blueprints.shotrunner.refusals import WrongAttributes
from zou_server.blueprints.shotrunner.wire_values import EMPTY
from zou_server.models.conditions import Condition, Op, Output, Where
from zou_server.services.files.attachments import KeptFile, SentFile, stored_attachments
from zou_server.services.files.kept_files import LINKS
from zou_server.services.write.operations import Edit, Mode

if TYPE_CHECKING:
    from zou_server.services.files.incoming import Incoming
    from zou_server.services.ports import Storage

DATA = "data"
"""The attribute that holds the bytes in base 64; it is never shown."""


def _whole(found: Values) -> Values:
    return {LINKS: Edit(Mode.SET, [found[LINKS]] if found[LINKS] else [])} if LINKS in found else {}


@dataclass(frozen=True, kw_only=True)
class ContainerType(TargetType):
    """The type of what an attachment belongs to: the first of what other tools have linked it to."""

    @property
    def sort_path(self) -> str:
        """Lists have no order."""
        return ""

    def output(self) -> Output:
        """The first one's."""
        return Output(self.key, "id", style="container type")

    def test(self, op: Op, value: Any) -> Condition:
        """Any of them is of the type."""
        if op in (Op.NULL, Op.NOT_NULL):
            return Where(LINKS, op)
        named = [kind_named(each) for each in value] if isinstance(value, list) else kind_named(value)
        return Where(f"{LINKS}.object_kind", op, named)

    def write(self, value: Any, state: State) -> Values:
        """The whole link, once both halves are there."""
        return _whole(target_reference(self, value, state.after.get(self.partner)))


@dataclass(frozen=True, kw_only=True)
class ContainerNumber(TargetNumber):
    """The number of what an attachment belongs to."""

    @property
    def sort_path(self) -> str:
        """Lists have no order."""
        return ""

    def output(self) -> Output:
        """The first one's."""
        return Output(self.key, "id", style="container number")

    def test(self, op: Op, value: Any) -> Condition:
        """Any of them has the number."""
        return Where(LINKS if op in (Op.NULL, Op.NOT_NULL) else f"{LINKS}.number", op, value)

    def leads_to(self, kind: str, number: int) -> Condition:
        """By the id of the target."""
        return link_to(LINKS, kind, number)

    def write(self, value: Any, state: State) -> Values:
        """The whole link, once both halves are there."""
        return _whole(target_reference(self, state.after.get(self.partner), value))


@contextmanager
def sent_within(storage: Storage, given: Mapping[str, Any]) -> Iterator[Incoming[KeptFile]]:
    """The file whose bytes a body holds, put into the store for the block; none where it holds none."""
    text = given.get(DATA)
    sent = []
    if text not in EMPTY:
        try:
            content = base64.b64decode("".join(str(text).split()), validate=True)
        except (binascii.Error, ValueError):
            raise WrongAttributes(fields={DATA: ["is not base 64"]}) from None
        sent = [SentFile(str(given.get("title") or "file"), io.BytesIO(content))]
    with stored_attachments(storage, sent) as incoming:
        yield incoming
