"""The ShotRunner dialect as OpenAPI, derived from its vocabularies and its table of paths."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from zou_server.blueprints.shotrunner import MOUNTS, paths_of
from zou_server.blueprints.shotrunner.attributes import Attribute
from zou_server.blueprints.shotrunner.files.describe_files import SIZE, file_operations
from zou_server.blueprints.shotrunner.nesting import children_of
from zou_server.blueprints.shotrunner.parameters import OPERATORS, RESERVED
from zou_server.blueprints.shotrunner.resources import (
    METHODS,
    BelowMemberResource,
    BelowResource,
    CollectionResource,
    CustomResource,
    MemberResource,
    ShotRunnerResource,
)
from zou_server.blueprints.shotrunner.vocabulary import Vocabulary, vocabularies
from zou_server.description import (
    ANSWERED,
    JSON,
    SENT,
    Description,
    Schema,
    answer,
    body,
    listed,
    one_of,
    operation,
    or_null,
    parameter,
    ref,
    template_of,
    thing,
)
from zou_server.models.registry import Kind

XML = "application/xml"
BASIC: list[dict[str, list[str]]] = [{"shotrunnerBasic": []}]
NUMBERS: Schema = {"type": "array", "items": {"type": "integer"}}

TAGS = {
    "ShotRunner": (
        "ActiveResource objects in JSON and XML, with HTTP Basic. Every attribute is a filter of its list "
        "(`status=fin`, `status[]=a&status[]=b`), and takes an operator in brackets "
        f"(`due_date[gte]=2030-01-01`): {', '.join(sorted(filter(None, OPERATORS)))}. "
        "The same is there under `/api/shotrunner`."
    ),
    "ShotRunner: refused": "Paths and methods that exist only to say that there is no such thing.",
}
WORKS, REFUSED = TAGS

SENT_KINDS = {**SENT, Kind.LINKS: {"type": "array", "items": SENT[Kind.INTEGER]}}
ANSWERED_KINDS = {
    **ANSWERED,
    Kind.LINKS: NUMBERS,
    Kind.JSON: {"type": "object"},
    Kind.DATETIME: {"type": "string", "description": "UTC: 2030-01-31T12:30:00Z"},
}

ERRORS = thing(
    {"errors": {"type": "object", "additionalProperties": listed({"type": "string"})}}, ("errors",)
)
NOT_FOUND = 404
NOBODYS: Schema = {"anyOf": [ref("ShotRunnerErrors"), thing({"message": {"type": "string"}}, ("message",))]}
"""A number below zero is not even a path of this dialect, so the application itself refuses it."""

REFUSALS: dict[int, str] = {
    400: "A parameter that means nothing, or a body that cannot be read.",
    401: "No login, or a wrong one.",
    403: "The caller may not do this.",
    404: "There is no such object, or the caller may not see it.",
    405: "This path has no such method.",
    406: "The extension is neither json nor xml.",
    409: "`lock_version` is not the current one, or other objects need this one.",
    413: "The body is too large.",
    422: "Attributes are missing, unknown or wrong; each is named.",
    429: "Too many wrong passwords; wait a little.",
    503: "The database cannot answer just now; try again.",
}

RESERVED_TEXT = {
    "page": "A page, from 1; the answer's headers tell the total.",
    "per_page": "Objects in a page.",
    "limit": "Objects in all.",
    "offset": "Objects to leave out before.",
    "order": "Attributes to sort by, separated by commas; `-due_date` or `due_date desc` turns one round.",
    "fields": "Only these attributes, separated by commas.",
    "include": "These attributes too, which are not shown otherwise.",
    "q": "Words that are all in what an object is called or says.",
    "with_deleted": "Deleted objects too.",
    "only_deleted": "Deleted objects only.",
}
SHAPE = ("fields", "include")


def describe() -> Description:
    """Every route of the dialect."""
    own, *others = MOUNTS
    paths: dict[str, dict[str, Schema]] = {}
    for plural, vocabulary in vocabularies().items():
        for _, tail, resource in paths_of(plural):
            paths[template_of(f"{own}/{plural}{tail}")] = _methods(vocabulary, resource, tail)
    return Description(
        TAGS,
        paths,
        {f"{mount}{path}": path for mount in others for path in paths},
        {
            "schemas": {
                **{_name(each): _answered(each) for each in vocabularies().values()},
                **{f"{_name(each)}Values": _sent(each) for each in vocabularies().values()},
                "ShotRunnerErrors": ERRORS,
            },
            "parameters": {
                f"shotrunner.{name}": parameter(
                    name, "query", {"type": "string"}, RESERVED_TEXT.get(name, "")
                )
                for name in RESERVED
            }
            | {"shotrunner.extension": parameter("extension", "path", one_of(["json", "xml"]))},
            "responses": {
                f"ShotRunner{status}": {
                    "description": text,
                    "content": {
                        JSON: {"schema": NOBODYS if status == NOT_FOUND else ref("ShotRunnerErrors")},
                        XML: {},
                    },
                }
                for status, text in REFUSALS.items()
            },
            "securitySchemes": {"shotrunnerBasic": {"type": "http", "scheme": "basic"}},
        },
    )


# -- types -----------------------------------------------------------------------------------------


def _name(vocabulary: Vocabulary) -> str:
    return f"ShotRunner{''.join(word.capitalize() for word in vocabulary.singular.split('_'))}"


def _answered(vocabulary: Vocabulary) -> Schema:
    properties = {
        key: {**or_null(ANSWERED_KINDS[each.kind]), **_direction(each)}
        for key, each in vocabulary.attributes.items()
    }
    return thing(properties, xml={"name": vocabulary.singular})


def _direction(attribute: Attribute) -> Schema:
    """What of it goes one way only."""
    if attribute.write_only:
        return {"writeOnly": True}
    return {} if attribute.canonical else {"readOnly": True}


def _sent(vocabulary: Vocabulary) -> Schema:
    """Attributes as a body may hold them: null where there is none, whole objects sent back."""
    properties = {key: _written(each) for key, each in vocabulary.attributes.items()}
    return thing(properties, additionalProperties=False, xml={"name": vocabulary.singular})


def _written(attribute: Attribute) -> Schema:
    if attribute.write_only:
        return {**or_null(SENT_KINDS[attribute.kind]), "writeOnly": True}
    if not attribute.canonical:
        return {} if attribute.key == "lock_version" else {"readOnly": True}
    schema = or_null(SENT_KINDS[attribute.kind])
    return {**schema, "maxLength": attribute.max_length} if attribute.max_length else schema


# -- operations ------------------------------------------------------------------------------------


def _methods(vocabulary: Vocabulary, resource: type[ShotRunnerResource], tail: str) -> dict[str, Schema]:
    """The operations of one path: those that the resource has, and what it refuses."""
    found = {}
    for method in (name.lower() for name in METHODS if name != "HEAD"):
        works = hasattr(resource, method)
        make = _OPERATIONS[resource] if works else _refusal
        said = make(vocabulary, method)
        found[method] = {
            **said,
            "parameters": [*_arguments(tail, vocabulary, resource), *said.get("parameters", ())],
        }
    return found


def _arguments(tail: str, vocabulary: Vocabulary, resource: type[ShotRunnerResource]) -> list[Schema]:
    names = [part.partition("}")[0] for part in template_of(tail).split("{")[1:]]
    children = [each.plural for each in children_of(vocabulary)]
    kinds = {
        "number": {"type": "integer", "minimum": 0},
        "child_number": {"type": "integer", "minimum": 0},
        "name": _child_names(children)
        if resource in (BelowResource, BelowMemberResource)
        else {"type": "string", "pattern": r"\D"},  # digits alone are a number
        "size": SIZE,
    }
    return [
        ref("shotrunner.extension", "parameters")
        if name == "extension"
        else parameter(name, "path", kinds[name])
        for name in names
    ]


def _child_names(children: list[str]) -> Schema:
    known: list[Schema] = [one_of(children)] if children else []
    return {"anyOf": [*known, {"type": "string"}], "description": "What belongs to such objects; else 404."}


def _answers(good: dict[int, Schema], *more: int) -> dict[int, Schema]:
    statuses = (400, 401, 403, 404, 406, 429, 503, *more)
    return good | {status: ref(f"ShotRunner{status}", "responses") for status in statuses}


def _parameters(names: Iterable[str]) -> list[Schema]:
    return [ref(f"shotrunner.{name}", "parameters") for name in names]


def _one(vocabulary: Vocabulary, text: str) -> Schema:
    found = answer(text, thing({vocabulary.singular: ref(_name(vocabulary))}, (vocabulary.singular,)))
    found["content"][XML] = {}
    return found


def _body(vocabulary: Vocabulary) -> Schema:
    """JSON with or without its root, or XML; nothing at all is an object without attributes."""
    inner = ref(f"{_name(vocabulary)}Values")
    return body(
        {"anyOf": [thing({vocabulary.singular: inner}, (vocabulary.singular,)), inner]},
        inner,
        required=False,
        media=(JSON, XML),
    )


def _collection(vocabulary: Vocabulary, method: str) -> Schema:
    if method == "get":
        return _list(vocabulary, f"List {vocabulary.plural}")
    return operation(
        WORKS,
        f"Make a {vocabulary.singular}",
        _answers({201: _one(vocabulary, "The new object.")}, 409, 413, 422),
        parameters=_parameters(SHAPE),
        sends=_body(vocabulary),
        security=BASIC,
    )


def _list(vocabulary: Vocabulary, summary: str) -> Schema:
    found = answer("All objects that the filters leave, or a page of them.", listed(ref(_name(vocabulary))))
    found["content"][XML] = {}
    filters = [
        parameter(key, "query", {"type": "string"})
        for key, each in vocabulary.attributes.items()
        if each.path and key not in RESERVED
    ]
    return operation(
        WORKS, summary, _answers({200: found}), parameters=[*_parameters(RESERVED), *filters], security=BASIC
    )


_DEEP = parameter(
    "deep",
    "query",
    {"type": "boolean"},
    "Notes and files of all that is below too, not of this object alone.",
)

_SEEN = parameter(
    "lock_version", "query", {"type": "integer"}, "The version that one saw: a stale one is 409."
)


def _member(vocabulary: Vocabulary, method: str) -> Schema:
    name = vocabulary.singular
    if method == "get":
        return operation(
            WORKS,
            f"Read a {name}",
            _answers({200: _one(vocabulary, "The object.")}),
            parameters=_parameters((*SHAPE, "with_deleted", "only_deleted")),
            security=BASIC,
        )
    if method == "delete":
        return operation(
            WORKS,
            f"Delete a {name}",
            _answers({200: answer("It is gone.")}, 409, 422),
            parameters=(_SEEN,),
            security=BASIC,
        )
    return operation(
        WORKS,
        f"Change a {name}",
        _answers({200: _one(vocabulary, "The object as it is now.")}, 409, 413, 422),
        description="What is sent as it was read asks for no change. A stale `lock_version` is 409.",
        parameters=_parameters(SHAPE),
        sends=_body(vocabulary),
        security=BASIC,
    )


def _below(vocabulary: Vocabulary, method: str) -> Schema:
    name = vocabulary.singular
    row: Schema = {"description": "As for the child's own path.", "content": {JSON: {}, XML: {}}}
    if method == "get":
        return operation(
            WORKS,
            f"List what belongs to a {name}",
            _answers({200: row}),
            description="Takes the parameters of the child's own list.",
            parameters=[*_parameters(RESERVED), _DEEP],
            security=BASIC,
        )
    if method == "put":
        return operation(
            WORKS,
            f"Bring back or follow a {name}",
            _answers({200: _one(vocabulary, "It is done.")}, 405, 409, 422),
            description="`name` is `restore`, `watch` (of notes), `subscribe` (of what notes are about) "
            "or `use_as_thumbnail` (of attachments).",
            security=BASIC,
        )
    if method == "delete":
        return operation(
            WORKS,
            f"Follow a {name} no more",
            _answers({200: answer("It is done.")}, 405, 409, 422),
            description="`name` is `watch` or `subscribe`.",
            security=BASIC,
        )
    return operation(
        WORKS,
        f"Make something that belongs to a {name}",
        _answers({201: row}, 405, 409, 413, 422),
        parameters=_parameters(SHAPE),
        sends=body({}, required=False, media=(JSON, XML)),
        security=BASIC,
    )


def _below_member(vocabulary: Vocabulary, method: str) -> Schema:
    said = _member(vocabulary, method)
    row: Schema = {"description": "As for the object's own path.", "content": {JSON: {}, XML: {}}}
    good: Schema = {"description": "It is gone."} if method == "delete" else row
    verb = {"get": "Read", "delete": "Delete"}.get(method, "Change")
    found = {
        **said,
        "summary": f"{verb} what belongs to a {vocabulary.singular}",
        "responses": {**said["responses"], "200": good},
    }
    if "requestBody" in said:
        found["requestBody"] = body({}, required=False, media=(JSON, XML))
    return found


def _refusal(_: Vocabulary, method: str) -> Schema:
    return operation(
        REFUSED,
        f"No {method.upper()} here",
        {status: ref(f"ShotRunner{status}", "responses") for status in (400, 401, 404, 405, 406, 429, 503)},
        security=BASIC,
    )


def _say(summary: str, good: dict[int, Schema], *more: int, **said: Any) -> Schema:
    return operation(WORKS, summary, _answers(good, *more), security=BASIC, **said)


_OPERATIONS: dict[type[ShotRunnerResource], Callable[[Vocabulary, str], Schema]] = {
    CollectionResource: _collection,
    MemberResource: _member,
    BelowResource: _below,
    BelowMemberResource: _below_member,
    CustomResource: _refusal,
    **file_operations(_say, lambda vocabulary: _one(vocabulary, "The attachment.")),
}
"""Resource -> the operation behind one of its methods."""
