"""Text of another encoding that was read in that of western Windows (cp1252): what gives it away.

Most of the bytes of cp1252 are letters in the encodings of other countries too, so what comes out is letters
in any case, but in places where no western language has them. What may be either is taken for odd: a file
that is refused can be sent again, and one in wrong letters is found out weeks later.
"""

# ruff: noqa: RUF001, RUF003, ERA001 - letters that look like others are what this is about
from __future__ import annotations

import re

_SMALL = "a-zß-öø-ÿœšž"
_LARGE = "A-ZÀ-ÖØ-ÞŒŠŽŸ"
_LETTER = f"{_SMALL}{_LARGE}"
_CONSONANT = "bcdfghjklmnpqrstvwxz"
_VOWEL = "aeiouyáàâäãåæéèêëíìîïóòôöõøœúùûüý"
_SIGN = "†‡\u02c6‰\u2039\u203a¢-ª¬-º¼½×÷ƒ•"

ODD = (
    # accents stand between plain letters, but for what people type to try them
    "(?![ÄÖÜäöüßåÅæÆøØ]{3,8}(?![À-ÿ]))[À-ÖØ-öø-ÿŒ-ƒ]{3,}",
    # a sign within a word is a letter elsewhere
    f"[{_LETTER}][{_SIGN}]+[{_LETTER}]",
    f"[{_LETTER}][¿¡]|[{_SIGN}]{{2}}|[À-ÿ][{_SIGN}]|(?!¿¡|¡¿)[¡-¿]{{2}}",
    # Mac: MŸller
    f"[{_SMALL}][À-ÖØ-ÞŒŠŽŸ]|[ŸŽ](?![{_VOWEL}])|Ÿ|[¯¤¦¨´]",
    # DOS, Mac: Andr‚, Zo‘, Se–or
    f"[{_LETTER}][‚„‘‡\u02c6‰†]|[{_LETTER}][“”–][{_SMALL}]|‚(?![^‚]{{0,100}}‘)|[†‡\u02c6‰]",
    # Polish, Chinese: Micha³, £ukasz
    f"[{_LETTER}]{{2}}[¹²³]|£[{_LETTER}]|¥[{_LETTER}_]",
    # Turkish: Yýldýz, Þahin, Doðan; Icelandic has them, and nobody else
    "[ðþÐÞýÝ]",
    # Hungarian, Czech: Gyõr, Zdenìk
    f"õ(?!e)|ã(?![oen]|s?\\b)|[ìòù](?=[{_LETTER}])|[ÀÈÌÒÙÛÊÎ](?=[{_SMALL}])",
    # Baltic: Bçrziòð
    f"(?<![{_VOWEL}])ï|ç(?![aouáàâãåóôõúéêeiíî\\W]|\\b)|Ç(?![aouáéeiöü{_LARGE}]|\\b)",
    # Croatian, Polish: Petroviæ
    f"è(?=[{_VOWEL}])|[{_VOWEL}]æ\\b|œ(?![uiedst])|(?<![oamdscrjbfpltven])û",
    # Polish, Czech: Gdañsk, øeka
    f"ñ(?![{_VOWEL}Ñ])|[aeo]ò|ê(?=[bdfghjkqwxyz]|s\\w)|ø(?=[ie])|(?<![{_VOWEL}])ë",
    # Baltic, Mac, DOS: zâle, Kšln
    f"[zkvJK]â|â(?=[jkz])|[A-Z]Ž[a-z]|ƒ|(?i:[{_CONSONANT}])š[{_CONSONANT}]|aá",
    # Chinese, Korean
    f"[{_LETTER}][«»·][{_LETTER}]|[·¹²³±][{_LETTER}]|–[À-ÿ]",
    # Czech, Hungarian: Dvoøák
    f"ø\\w{{0,20}}[áéíýìè]|[áéíýìè]\\w{{0,20}}ø|[ûÛ][{_CONSONANT}][áíóöüõ]|[Íí]î",
)
"""Patterns that western text has not."""

_WORD = re.compile(r"[^\s;,]*[^\x00-\x7f\s;,][^\s;,]*")
_ODD = re.compile("|".join(ODD))


def is_odd(text: str) -> bool:
    """True for a text that may well be one of another encoding."""
    words = set(_WORD.findall(text))  # a table says the same words again and again
    return _ODD.search("\n".join(words)) is not None
