"""The layers of an EXR that are shown, by their names: a project may have its own."""

from __future__ import annotations

LAYERS = ("rgba", "beauty")
"""What a project that says nothing looks at; plain R, G, B are called rgba."""

MOST, LONGEST = 20, 100


def layers_of(said: object) -> tuple[str, ...]:
    """The layers that a project names, the likeliest first; ValueError for what is no list of names."""
    if said is None or said == "":
        return LAYERS
    words = tuple(word.strip() for word in str(said).split(",") if word.strip())
    if not words or len(words) > MOST or any(len(word) > LONGEST for word in words):
        raise ValueError(f"is not a list of at most {MOST} layers, separated by commas")
    return words
