"""XML as ActiveResource reads it, written from the rows that PostgreSQL returns as JSON.

The client knows few `type`s and turns any other into an object; it reads `+0000` moments without
further libraries, booleans only as `true`, and needs `type="array"` on lists of any length. One
character that XML cannot hold makes a whole list unreadable, so those are left out.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element, ParseError

import orjson
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from zou_server.blueprints.shotrunner.inflection import singularize
from zou_server.blueprints.shotrunner.refusals import BadRequest, Messages
from zou_server.blueprints.shotrunner.wire_values import as_read_from_xml, without_control_characters
from zou_server.models.registry import Kind
from zou_server.services.read.reader import rows_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from zou_server.blueprints.shotrunner.vocabulary import Vocabulary

extension = "xml"
content_type = "application/xml; charset=utf-8"

HEADER = '<?xml version="1.0" encoding="UTF-8"?>\n'
MAX_DEPTH = 20
_UNSAFE = re.compile("[&<>\\x00-\\x08\\x0b-\\x1f\\ud800-\\udfff\\ufffe\\uffff]")
"""What cannot stand in XML as it is; more than that is harmless here."""
_MARKUP = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})

as_read = as_read_from_xml


# -- reading ---------------------------------------------------------------------------------------


def decode(body: bytes) -> Any:
    """Return what a body holds, without its root; BadRequest when it is no XML or declares entities."""
    try:
        root = fromstring(body, forbid_dtd=True)
    except ParseError as error:
        raise BadRequest(f"The body is not XML: {error}.") from None
    except (DefusedXmlException, ValueError, LookupError):
        raise BadRequest(
            "The body is not XML that may be sent here: no document type, no entities."
        ) from None
    return _value(root, 0) if len(root) else {}


def _value(element: Element, depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise BadRequest("The body is nested too deep.")
    if element.get("nil") == "true":
        return None
    if element.get("type") == "array":
        return [_value(child, depth + 1) for child in element]
    if len(element):
        return {_key(child.tag): _value(child, depth + 1) for child in element}
    return element.text or ""


def _key(tag: str) -> str:
    return tag.replace("-", "_")


# -- writing ---------------------------------------------------------------------------------------


def one(vocabulary: Vocabulary, row: str) -> str:
    """One object; its root has no XML attributes, for those would become attributes of the object."""
    return HEADER + _object(vocabulary, orjson.loads(row))


def many(vocabulary: Vocabulary, pieces: Iterable[str]) -> Iterator[str]:
    """A list of objects, written piece by piece; each piece holds whole objects."""
    tag = _tag(vocabulary.plural)
    yield f'{HEADER}<{tag} type="array">'
    for piece in pieces:
        rows = rows_of(piece.removeprefix(","))
        yield "".join([_object(vocabulary, row) for row in rows])
    yield f"</{tag}>"


def errors(messages: Messages) -> str:
    """One sentence each, the attribute first."""
    sentences = [why if key == "base" else f"{key} {why}" for key, each in messages.items() for why in each]
    inner = "".join(f"<error>{escaped(each)}</error>" for each in sentences)
    return f"{HEADER}<errors>{inner}</errors>"


def escaped(text: str) -> str:
    """Return text as XML content."""
    return without_control_characters(text).translate(_MARKUP)


def _tag(key: str) -> str:
    return key.replace("_", "-")


def _object(vocabulary: Vocabulary, row: dict[str, Any]) -> str:
    return _writer(vocabulary, tuple(row))(row)


@lru_cache(maxsize=512)
def _writer(vocabulary: Vocabulary, keys: tuple[str, ...]) -> Callable[[dict[str, Any]], str]:
    """Return what writes rows with these keys: all that does not depend on a row is done once."""
    root = _tag(vocabulary.singular)
    opened, closed = f"<{root}>", f"</{root}>"
    writers = [_element_writer(_tag(key), vocabulary.kind_of(key)) for key in keys]

    def write(row: dict[str, Any]) -> str:
        inner = [element(value) for element, value in zip(writers, row.values(), strict=True)]
        return f"{opened}{''.join(inner)}{closed}"

    return write


@lru_cache(maxsize=2048)
def _element_writer(tag: str, kind: Kind) -> Callable[[Any], str]:
    """Return what writes the values of one element."""
    return _WRITERS.get(kind, _text)(tag)


def _null(tag: str) -> str:
    return f'<{tag} nil="true"/>'


def _text(tag: str) -> Callable[[Any], str]:
    null, opened, closed = _null(tag), f"<{tag}>", f"</{tag}>"
    # An empty element without a type would be read as null.
    empty, is_unsafe = f'<{tag} type="string"></{tag}>', _UNSAFE.search

    def write(value: Any) -> str:
        if value is None:
            return null
        text = str(value)
        text = escaped(text) if is_unsafe(text) else text
        return f"{opened}{text}{closed}" if text else empty

    return write


def _integer(tag: str) -> Callable[[Any], str]:
    null, opened, closed = _null(tag), f'<{tag} type="integer">', f"</{tag}>"
    return lambda value: null if value is None else f"{opened}{value}{closed}"


def _moment(tag: str) -> Callable[[Any], str]:
    null, opened, closed = _null(tag), f'<{tag} type="datetime">', f"+0000</{tag}>"
    return lambda value: null if value is None else f"{opened}{value.removesuffix('Z')}{closed}"


def _typed(kind: str, spell: Callable[[Any], Any]) -> Callable[[str], Callable[[Any], str]]:
    def writer(tag: str) -> Callable[[Any], str]:
        null, opened, closed = _null(tag), f'<{tag} type="{kind}">', f"</{tag}>"
        return lambda value: null if value is None else f"{opened}{spell(value)}{closed}"

    return writer


def _numbers(tag: str) -> Callable[[Any], str]:
    null, child = _null(tag), _integer(singularize(tag))
    return lambda value: (
        null if value is None else f'<{tag} type="array">{"".join(map(child, value))}</{tag}>'
    )


def _nested(tag: str) -> Callable[[Any], str]:
    null = _null(tag)

    def write(value: dict[str, Any] | None) -> str:
        if value is None:
            return null
        inner = [_element_writer(_tag(key), _kind_of(key, each))(each) for key, each in value.items()]
        return f"<{tag}>{''.join(inner)}</{tag}>"

    return write


def _kind_of(key: str, value: Any) -> Kind:
    if isinstance(value, int):
        return Kind.INTEGER
    return Kind.DATETIME if key.endswith("_at") else Kind.TEXT


_WRITERS: dict[Kind, Callable[[str], Callable[[Any], str]]] = {
    Kind.INTEGER: _integer,
    Kind.NUMBER: _typed("float", lambda value: repr(float(value))),
    Kind.BOOLEAN: _typed("boolean", lambda value: "true" if value else "false"),
    Kind.DATETIME: _moment,
    Kind.DATE: _typed("date", str),
    Kind.LINKS: _numbers,
    Kind.JSON: _nested,
}
"""Kind -> what makes the writer of an element's values."""
