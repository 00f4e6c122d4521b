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

# name, Shotgun's code, colour, what for: Shotgun's own table of fields says where it is the first
MORE_STATUSES: tuple[tuple[str, str, str, dict[str, bool]], ...] = (
    ("Not Applicable", "na", "#999999", {"for_entity": True, "for_version": True}),
    ("Could Be Better", "cbb", "#a0c030", {"for_entity": True}),
    ("Active", "act", "#22d160", {"for_entity": True}),
    ("Viewed", "vwd", "#3273dc", {"for_version": True}),
    ("Open", "opn", "#fbc02d", {"for_note": True}),
    ("Closed", "clsd", "#999999", {"for_note": True}),
    ("Complete", "cmpt", "#22d160", {"for_entity": True}),
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
# name, id that ftrack's clients know by heart
LOCATIONS = (
    ("ftrack.origin", "ce9b348f-8809-11e3-821c-20c9d081909b"),
    ("ftrack.unmanaged", "cb268ecc-8809-11e3-a7e2-20c9d081909b"),
    ("ftrack.review", "cd41be70-8809-11e3-b98a-20c9d081909b"),
    ("ftrack.connect", "07b82a97-8cf9-11e3-9383-20c9d081909b"),
    ("ftrack.server", "3a372bde-05bc-11e4-8908-20c9d081909b"),
)
NOTE_LABELS = (("Internal", "#34495e"), ("External Note", "#1abc9c"))
LIST_CATEGORIES = ("Default", "Dailies")
STORAGE_SCENARIO = '{"scenario": "ftrack.automatic", "data": {}}'
OUTPUT_TYPES = (("Geometry", "geo"), ("Cache", "abc"), ("Render", "rnd"), ("Movie", "mov"))

ROLE_NAMES = ("Admin", "Manager", "Supervisor", "Artist", "Client", "Vendor")
"""What Shotgun calls each role, in the order of `ROLES`."""
ELEMENT_TYPES = ("plate", "cg", "matte", "roto", "paint", "audio", "reference")
# name, rights, whether it is that of new members
PROJECT_ROLES = (
    ("Producer", "manager", False),
    ("Supervisor", "supervisor", False),
    ("Artist", "user", True),
    ("Client", "client", False),
    ("Vendor", "vendor", False),
)
USER_STATUSES = (("A", "Active"), ("P", "Pending"), ("I", "Inactive"))
"""What ShotRunner calls layers of a shot, rights in a project, and where somebody's account stands."""
