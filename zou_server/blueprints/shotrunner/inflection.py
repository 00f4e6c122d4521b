"""Names as Rails spells them: `HumanUser` is one `human_user` of many `human_users`.

ActiveResource clients derive the path of a class from its name with these rules, so a type that
nobody has heard of yet is found where its client looks for it.
"""

from __future__ import annotations

import re

_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")

_IRREGULAR = {"person": "people", "child": "children", "man": "men", "move": "moves"}
_UNCOUNTABLE = frozenset({"equipment", "information", "species", "series"})

# (ending, how much of the word stays, what follows); the first that matches holds.
_ENDINGS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(x|ch|ss|sh)\Z"), r"\1es"),
    (re.compile(r"([^aeiouy]|qu)y\Z"), r"\1ies"),
    (re.compile(r"sis\Z"), "ses"),
    (re.compile(r"([ti])um\Z"), r"\1a"),
    (re.compile(r"(bus|alias|status)\Z"), r"\1es"),
    (re.compile(r"s\Z"), "s"),
    (re.compile(r"\Z"), "s"),
)


def underscore(name: str) -> str:
    """Return a class name as words in lower case: `TaskType` is `task_type`."""
    return _WORD_START.sub("_", name).lower()


def pluralize(word: str) -> str:
    """Return the plural of a word in lower case."""
    if word in _UNCOUNTABLE:
        return word
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    ending, plural = next(pair for pair in _ENDINGS if pair[0].search(word))
    return ending.sub(plural, word, count=1)


def singularize(word: str) -> str:
    """Return what one element of a list called `word` is called; only used to name XML elements."""
    return word.removesuffix("s") or word
