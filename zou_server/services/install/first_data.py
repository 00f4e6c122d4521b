"""The vocabulary of a new studio, as tables. Ids that clients know by heart are fixed.

Sources: docs/protocols/zou.md 16 (statuses, types, departments) and docs/protocols/ftrack.md 15 (object
types, priorities).
"""

from __future__ import annotations

ORGANISATION = "My studio"
PROJECT_SCHEMA = "VFX and animation"

# name, code, Shotgun's code, colour, flags
TASK_STATUSES: tuple[tuple[str, str, str, str, dict[str, bool]], ...] = (
    ("Todo", "todo", "wtg", "#f5f5f5", {"is_default": True}),
    ("Ready To Start", "ready", "rdy", "#fbc02d", {}),
    ("Work In Progress", "wip", "ip", "#3273dc", {"is_wip": True}),
    (
        "Waiting For Approval",
        "wfa",
        "rev",
        "#ab26ff",
        {"is_feedback_request": True, "is_client_allowed": False},
    ),
    ("Retake", "retake", "rtk", "#ff3860", {"is_retake": True, "is_artist_allowed": False}),
    ("Done", "done", "fin", "#22d160", {"is_done": True, "is_artist_allowed": False}),
    ("On Hold", "hld", "hld", "#999999", {"is_artist_allowed": False, "is_client_allowed": False}),
    ("Omit", "omt", "omt", "#666666", {"is_artist_allowed": False, "is_client_allowed": False}),
    ("Neutral", "neutral", "neutral", "#cccccc", {"for_concept": True, "is_default": True}),
    ("Approved", "approved", "apr", "#66bb6a", {"for_concept": True, "is_done": True}),
    ("Rejected", "rejected", "rej", "#e81123", {"for_concept": True, "is_retake": True}),
)

PROJECT_STATUSES: tuple[tuple[str, str, str, str, dict[str, bool]], ...] = (
    ("Open", "open", "Active", "#000000", {"is_default": True}),
    ("Closed", "closed", "Archive", "#000000", {"is_done": True}),
)
"""A project is open unless its status is done."""

FILE_STATUSES = (("To review", "#999999"), ("Approved", "#22d160"), ("Rejected", "#ff3860"))

DEPARTMENTS = (
    ("Concept", "#8d6e63"),
    ("Modeling", "#78909c"),
    ("Rigging", "#26a69a"),
    ("Layout", "#7cb342"),
    ("Animation", "#009688"),
    ("FX", "#d84315"),
    ("Lighting", "#f9a825"),
    ("Compositing", "#ff5252"),
    ("Editorial", "#9c27b0"),
)

# name, short name, colour, for which kind, department
TASK_TYPES = (
    ("Concept", "cpt", "#8d6e63", "Asset", "Concept"),
    ("Modeling", "mod", "#78909c", "Asset", "Modeling"),
    ("Shading", "shd", "#64b5f6", "Asset", "Modeling"),
    ("Rigging", "rig", "#9ccc65", "Asset", "Rigging"),
    ("Storyboard", "stb", "#43a047", "Shot", "Concept"),
    ("Layout", "lay", "#7cb342", "Shot", "Layout"),
    ("Animation", "ani", "#009688", "Shot", "Animation"),
    ("Lighting", "lgt", "#f9a825", "Shot", "Lighting"),
    ("FX", "fx", "#26c6da", "Shot", "FX"),
    ("Rendering", "rdr", "#f06292", "Shot", "Lighting"),
    ("Compositing", "cmp", "#ff5252", "Shot", "Compositing"),
    ("Recording", "rec", "#ba68c8", "Shot", "Editorial"),
    ("Edit", "edt", "#9c27b0", "Edit", "Editorial"),
)

ASSET_TYPES = (("Character", "chr"), ("Prop", "prp"), ("Environment", "env"), ("FX", "fx"))


# name, value, colour, id
PRIORITIES = (
    ("None", 0, "#bbbbbb", "9661b320-3a0c-11e2-81c1-0800200c9a66"),
    ("High", 1, "#f2bf4d", "a661b320-3a0c-11e2-81c1-0800200c9a66"),
    ("Very high", 2, "#f2994d", "b661b320-3a0c-11e2-81c1-0800200c9a66"),
    ("Emergency", 3, "#f25a4d", "c661b320-3a0c-11e2-81c1-0800200c9a66"),
)

SOFTWARES = (
    ("Blender", "blr", "blend"),
    ("Maya", "may", "ma"),
    ("Houdini", "hou", "hip"),
    ("Nuke", "nke", "nk"),
)
OUTPUT_TYPES = (("Geometry", "geo"), ("Cache", "abc"), ("Render", "rnd"), ("Movie", "mov"))
