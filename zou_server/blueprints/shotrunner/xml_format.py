"""XML as ActiveResource reads it, written from the rows that PostgreSQL returns as JSON.

The client knows few `type`s and turns any other into an object; it reads `+0000` moments without
further libraries, booleans only as `true`, and needs `type="array"` on lists of any length. One
character that XML cannot hold makes a whole list unreadable, so those are left out.
"""

from __future__ import annotations

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
    root = _tag(vocabulary.singular)
    inner = [_element(_tag(key), vocabulary.kind_of(key), value) for key, value in row.items()]
    return f"<{root}>{''.join(inner)}</{root}>"


def _element(tag: str, kind: Kind, value: Any) -> str:
    if value is None:
        return f'<{tag} nil="true"/>'
    return _WRITERS.get(kind, _text)(tag, value)


def _text(tag: str, value: Any) -> str:
    text = escaped(str(value))
    # An empty element without a type would be read as null.
    return f"<{tag}>{text}</{tag}>" if text else f'<{tag} type="string"></{tag}>'


def _integer(tag: str, value: Any) -> str:
    return f'<{tag} type="integer">{int(value)}</{tag}>'


def _float(tag: str, value: Any) -> str:
    return f'<{tag} type="float">{float(value)!r}</{tag}>'


def _boolean(tag: str, value: Any) -> str:
    return f'<{tag} type="boolean">{"true" if value else "false"}</{tag}>'


def _moment(tag: str, value: Any) -> str:
    return f'<{tag} type="datetime">{str(value).removesuffix("Z")}+0000</{tag}>'


def _day(tag: str, value: Any) -> str:
    return f'<{tag} type="date">{value}</{tag}>'


def _numbers(tag: str, value: Any) -> str:
    child = singularize(tag)
    inner = "".join(_integer(child, each) for each in value)
    return f'<{tag} type="array">{inner}</{tag}>'


def _nested(tag: str, value: dict[str, Any]) -> str:
    inner = "".join(_element(_tag(key), _kind_of(key, each), each) for key, each in value.items())
    return f"<{tag}>{inner}</{tag}>"


def _kind_of(key: str, value: Any) -> Kind:
    if isinstance(value, int):
        return Kind.INTEGER
    return Kind.DATETIME if key.endswith("_at") else Kind.TEXT


_WRITERS: dict[Kind, Callable[[str, Any], str]] = {
    Kind.INTEGER: _integer,
    Kind.NUMBER: _float,
    Kind.BOOLEAN: _boolean,
    Kind.DATETIME: _moment,
    Kind.DATE: _day,
    Kind.LINKS: _numbers,
    Kind.JSON: _nested,
}
