"""The short film "Night Ferry" as tables: its team, assets, shots, and how far each step of each is.

Names refer to rows of the first data (statuses by code, steps and types by name).
"""

from __future__ import annotations

from typing import NamedTuple

PROJECT = {
    "name": "Night Ferry",
    "code": "NF",
    "description": "A girl crosses the river with a paper lantern, and the ferryman will not say where to.",
    "fps": "24",
    "ratio": "16:9",
    "resolution": "1920x1080",
    "production_type": "short",
    "production_style": "3d",
}


class DemoPerson(NamedTuple):
    """A person of the team; `key` is the name in the tables below."""

    key: str
    first_name: str
    last_name: str
    role: str
    position: str
    seniority: str
    departments: tuple[str, ...]
    color: str


PRODUCER, SUPERVISOR = "nadia", "lucas"
TEAM = (
    DemoPerson("nadia", "Nadia", "Okafor", "manager", "lead", "senior", ("Editorial",), "#8e24aa"),
    DemoPerson("lucas", "Lucas", "Ferreira", "supervisor", "supervisor", "senior", ("Animation",), "#00897b"),
    DemoPerson("elsa", "Elsa", "Lindqvist", "user", "artist", "mid", ("Concept", "Layout"), "#6d4c41"),
    DemoPerson("yuki", "Yuki", "Tanaka", "user", "artist", "mid", ("Modeling",), "#546e7a"),
    DemoPerson("priya", "Priya", "Nair", "user", "artist", "junior", ("Rigging", "Animation"), "#c0ca33"),
    DemoPerson("tomas", "Tomás", "Álvarez", "user", "lead", "senior", ("Lighting", "Compositing"), "#ef6c00"),
)


GUEST = {
    "login": "sam",
    "first_name": "Sam",
    "email": "sam@example.com",
    "role": "manager",
}
GUEST_PASSWORD = "sam1"  # noqa: S105 - printed in ShotRunner's own document
"""Who the document of ShotRunner's Python API logs in as."""


class DemoStep(NamedTuple):
    """A step: who does it, and how many days they have for it."""

    people: tuple[str, ...]
    days: int


STEPS = {
    "Concept": DemoStep(("elsa",), 2),
    "Modeling": DemoStep(("yuki",), 4),
    "Rigging": DemoStep(("priya",), 3),
    "Shading": DemoStep(("yuki",), 2),
    "Storyboard": DemoStep(("elsa",), 1),
    "Layout": DemoStep(("elsa",), 1),
    "Animation": DemoStep(("priya", "lucas"), 5),
    "Lighting": DemoStep(("tomas",), 2),
    "Compositing": DemoStep(("tomas",), 2),
}
SHOT_STEPS = ("Storyboard", "Layout", "Animation", "Lighting", "Compositing")
ASSET_STEPS = {
    "Character": ("Concept", "Modeling", "Rigging", "Shading"),
    "Prop": ("Modeling", "Shading"),
    "Environment": ("Concept", "Modeling", "Shading"),
    "FX": ("Concept",),
}


class TaskState(NamedTuple):
    """Where a task stands: its status, when it began (days from today), and what was delivered.

    `takes` is how many times something was shown, `spent` the part of the estimation used up.
    """

    status: str
    begins: int
    takes: int = 0
    retakes: int = 0
    spent: float = 0.0


STATES = {
    "d": TaskState("done", -24, takes=1, spent=1.0),
    "a": TaskState("wfa", -9, takes=2, retakes=1, spent=1.2),
    "r": TaskState("retake", -8, takes=1, retakes=1, spent=0.9),
    "w": TaskState("wip", -2, spent=0.4),
    "y": TaskState("ready", 1),
    "t": TaskState("todo", 6),
    "h": TaskState("hld", 10),
}
"""The letters of the tables below."""


class Asset(NamedTuple):
    """An asset, and a letter for each step that its type goes through."""

    name: str
    type: str
    complexity: str
    states: str
    description: str


ASSETS = (
    Asset("Mara", "Character", "Hero", "ddda", "Nine years old, a red coat two sizes too large."),
    Asset("The Ferryman", "Character", "Hero", "ddrw", "Nobody has seen his face; the hat stays on."),
    Asset("Fox", "Character", "Medium", "ddwy", "Waits at the far bank. Never blinks."),
    Asset("Paper Lantern", "Prop", "Hero", "da", "Burns for exactly one crossing."),
    Asset("Ferry", "Prop", "Medium", "dd", "A flat boat on a rope, patched many times."),
    Asset("Ticket", "Prop", "Simple", "dw", "Blank on both sides."),
    Asset("Pier", "Environment", "Medium", "dda", "Wet planks, one lamp, no railing."),
    Asset("River at Night", "Environment", "Hero", "dwy", "Wide enough that the other side is a rumour."),
    Asset("Fog", "FX", "Medium", "h", "Low over the water; must part before the bow."),
)
COMPLEXITIES = ("Simple", "Medium", "Hero")


class Shot(NamedTuple):
    """A shot: its length in frames, its own status, a letter for each step, and who is seen how often."""

    name: str
    frames: int
    status: str
    camera: str
    states: str
    description: str
    cast: tuple[tuple[str, int], ...]


CAMERA_MOVES = ("Static", "Pan", "Dolly", "Crane")
SEQUENCES: tuple[tuple[str, str, tuple[Shot, ...]], ...] = (
    (
        "SQ010",
        "The pier",
        (
            Shot("SH010", 120, "done", "Crane", "ddddd", "Night. The pier from above.", (("Pier", 1),)),
            Shot(
                "SH020",
                72,
                "wip",
                "Static",
                "dddda",
                "Mara lights the lantern on the third match.",
                (("Mara", 1), ("Paper Lantern", 1), ("Pier", 1)),
            ),
            Shot(
                "SH030",
                96,
                "wip",
                "Dolly",
                "dddrt",
                "The ferry slides in without a sound.",
                (("Ferry", 1), ("The Ferryman", 1), ("Pier", 1), ("Fog", 1)),
            ),
            Shot(
                "SH040",
                48,
                "retake",
                "Static",
                "ddrtt",
                "He holds out his hand; she gives him the ticket.",
                (("Mara", 1), ("The Ferryman", 1), ("Ticket", 1)),
            ),
            Shot(
                "SH050",
                60,
                "wfa",
                "Pan",
                "ddayt",
                "She steps aboard, the planks give a little.",
                (("Mara", 1), ("Ferry", 1), ("Paper Lantern", 1)),
            ),
        ),
    ),
    (
        "SQ020",
        "The crossing",
        (
            Shot(
                "SH010",
                144,
                "wip",
                "Crane",
                "dddwt",
                "The lantern is the only light on the river.",
                (("Ferry", 1), ("River at Night", 1), ("Paper Lantern", 1), ("Fog", 2)),
            ),
            Shot(
                "SH020",
                84,
                "wip",
                "Static",
                "ddwtt",
                "Mara counts the other lanterns passing below the surface.",
                (("Mara", 1), ("Paper Lantern", 12), ("River at Night", 1)),
            ),
            Shot(
                "SH030",
                66,
                "ready",
                "Static",
                "daytt",
                "The ferryman stops pulling the rope.",
                (("The Ferryman", 1), ("Ferry", 1)),
            ),
            Shot(
                "SH040",
                108,
                "ready",
                "Dolly",
                "dwttt",
                "Fog. Only the glow of the lantern, then not even that.",
                (("Mara", 1), ("The Ferryman", 1), ("Fog", 3)),
            ),
            Shot(
                "SH050",
                54,
                "todo",
                "Pan",
                "ayttt",
                "Two eyes on the far bank.",
                (("Fox", 1), ("River at Night", 1)),
            ),
            Shot(
                "SH060",
                132,
                "hld",
                "Crane",
                "whhhh",
                "Morning. The ferry is empty and tied to the pier.",
                (("Ferry", 1), ("Pier", 1), ("Fox", 1)),
            ),
        ),
    ),
)
FIRST_FRAME = 1001

DELIVERIES = {
    "Concept": "Three directions; the middle one is closest to the script.",
    "Modeling": "Topology is clean and the silhouette reads at thumbnail size.",
    "Rigging": "Squash and stretch work; fingers have only three controls for now.",
    "Shading": "Textures at 4K, roughness painted by hand.",
    "Storyboard": "Timed to the scratch track.",
    "Layout": "Camera at 35 mm, props are proxies.",
    "Animation": "Blocking on twos, with the pauses we talked about.",
    "Lighting": "Lantern as key, moon as rim; the rest falls to black.",
    "Compositing": "All layers in, grain and vignette on.",
}
"""What an artist says when showing a take, by step."""

REMARKS = {
    "Concept": "Push the proportions further.",
    "Modeling": "The back is too heavy, please thin it out.",
    "Rigging": "The hat clips into the shoulders when he looks up.",
    "Shading": "Less clean: this has been in the rain for years.",
    "Storyboard": "Hold two seconds longer before the cut.",
    "Layout": "Lower the horizon, he should stand against the sky.",
    "Animation": "The hand arrives too early. Let her hesitate.",
    "Lighting": "We lose her face at the end; lift it by half a stop.",
    "Compositing": "Fog is in front of the lantern, it should be behind.",
}
"""What the supervisor says when asking for another take, by step."""

APPROVALS = ("Approved.", "Lovely. Approved.", "Good to go.", "That is the one.")
SECOND_TAKE = "Notes are in. What do you think?"
STARTED = "Started; first look by the end of the week."
ON_HOLD = "On hold until the ending is decided."
