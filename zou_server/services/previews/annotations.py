"""What reviewers draw on a preview: merging what each of them changed into what is there.

An annotation is {time, drawing: {objects: [{id, ...}]}, width, height}: everything drawn at one moment of
a movie (0 for a picture). Kitsu names objects by id inside the annotation of a time; gazu names whole
annotations by an id of their own. Additions and updates name times and objects, so what two people
send at once is merged, in whichever order it comes.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from zou_server.models.errors import Invalid

Annotation = dict[str, Any]

KINDS = ("additions", "updates", "deletions")
DIGITS = 3
"""Two times are the same when they agree to the millisecond."""


def merged(
    kept: Iterable[Annotation], additions: list[Any], updates: list[Any], deletions: list[Any]
) -> list[Annotation]:
    """The annotations after a change; Invalid when something in it is no annotation."""
    found = [dict(each) for each in kept]
    for name, items, apply in (
        ("additions", additions, _add),
        ("updates", updates, _update),
        ("deletions", deletions, _delete),
    ):
        for item in items:
            _check(name, item)
            apply(found, item)
    shown = [each for each in found if not _is_drawing(each) or _objects(each)]
    return sorted(shown, key=_time)


def _check(name: str, item: Any) -> None:
    if name == "deletions" and isinstance(item, str):
        return
    if not isinstance(item, Mapping):
        raise Invalid(fields={name: ["holds something that is no annotation"]})
    drawing = item.get("drawing")
    objects = item.get("objects", []) if drawing is None else _part(drawing, "objects")
    named = name == "deletions"
    if not isinstance(objects, list) or not all(
        isinstance(o, Mapping | str if named else Mapping) for o in objects
    ):
        raise Invalid(fields={name: ["holds objects that are no list of drawn objects"]})
    if not all(_has_usable_id(each) for each in (item, *objects) if isinstance(each, Mapping)):
        raise Invalid(fields={name: ["holds an id that is no text"]})
    time = item.get("time") or 0
    if isinstance(time, bool) or not isinstance(time, int | float):
        raise Invalid(fields={name: ["holds a time that is no number"]})


def _has_usable_id(item: Mapping[str, Any]) -> bool:
    return item.get("id") is None or isinstance(item["id"], str | int)


def _part(drawing: Any, name: str) -> Any:
    return drawing.get(name, []) if isinstance(drawing, Mapping) else None


def _add(found: list[Annotation], item: Mapping[str, Any]) -> None:
    if not _is_drawing(item):
        found.append({"id": str(uuid.uuid4()), **item})
        return
    new = [{**each, "id": each.get("id") or str(uuid.uuid4())} for each in _objects(item)]
    there = _at(found, item)
    if there is None:
        found.append({**item, "drawing": {**item["drawing"], "objects": new}})
        return
    names = {each["id"] for each in new}
    _draw(there, [*(o for o in _objects(there) if o.get("id") not in names), *new])


def _update(found: list[Annotation], item: Mapping[str, Any]) -> None:
    """Change what is there; what somebody else removed meanwhile stays removed."""
    if not _is_drawing(item):
        for each in found:
            if each.get("id") is not None and each.get("id") == item.get("id"):
                each.update(item)
        return
    there = _at(found, item)
    if there is not None:
        new = {each.get("id"): each for each in _objects(item)}
        _draw(there, [{**o, **new.get(o.get("id"), {})} for o in _objects(there)])


def _delete(found: list[Annotation], item: Any) -> None:
    """Remove objects: by the time and their ids, or one object or annotation by its id alone."""
    if isinstance(item, str):
        found[:] = [each for each in found if each.get("id") != item]
        for each in filter(_is_drawing, found):
            _draw(each, [o for o in _objects(each) if o.get("id") != item])
        return
    there = _at(found, item)
    gone = {_id(each) for each in (item.get("objects") or _objects(item))}
    if there is not None:
        _draw(there, [o for o in _objects(there) if o.get("id") not in gone])


def _id(item: Any) -> Any:
    return item.get("id") if isinstance(item, Mapping) else item


def _is_drawing(annotation: Mapping[str, Any]) -> bool:
    return isinstance(annotation.get("drawing"), Mapping)


def _objects(annotation: Mapping[str, Any]) -> list[Any]:
    objects = _part(annotation.get("drawing"), "objects")
    return [each for each in objects if isinstance(each, Mapping)] if isinstance(objects, list) else []


def _draw(annotation: Annotation, objects: list[Any]) -> None:
    annotation["drawing"] = {**annotation["drawing"], "objects": objects}


def _at(found: list[Annotation], item: Mapping[str, Any]) -> Annotation | None:
    return next((each for each in found if _is_drawing(each) and _time(each) == _time(item)), None)


def _time(annotation: Mapping[str, Any]) -> float:
    value = annotation.get("time") or 0
    return round(float(value), DIGITS) if isinstance(value, int | float) else 0.0
