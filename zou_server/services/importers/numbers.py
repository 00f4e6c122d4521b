"""Numbers and days as the world's spreadsheets write them, in the one spelling that is read here.

What could be two numbers (1,000 is a thousand, or one) is refused, as is a day that could be two.
"""

from __future__ import annotations

import re
import unicodedata

_BLANKS = "\u0020\u00a0\u2009\u202f'\u2019"
_SPACES = re.compile(f"[{_BLANKS}]")
_ZEROS = re.compile(r"[.,](?:0{1,2}|0{4,})\Z")
_GROUPED = re.compile(rf"[+-]?\d{{1,3}}(?P<sign>[.,{_BLANKS}])\d{{3}}(?:(?P=sign)\d{{3}})*\Z")
_DECIMAL = re.compile(
    rf"(?P<whole>[+-]?\d{{1,3}}(?P<sign>[.,{_BLANKS}])\d{{3}}(?:(?P=sign)\d{{3}})*)(?P<point>[.,])(?P<rest>\d+)\Z"
)
_DAY_FIRST = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})\Z")
_YEAR_FIRST = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})\Z")
_SLASHES = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})\Z")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED = re.compile(r"(?:(\d{1,2})[ .-]+)?([A-Za-z]{3,9})\.?[ -]+(?:(\d{1,2}),? +)?(\d{4})\Z")
MONTHS_IN_YEAR = 12


def _western(cell: str) -> str:
    """The figures of any script as ours, and the minus of typesetters as that of keyboards."""
    return unicodedata.normalize("NFKC", cell).replace("\u2212", "-").strip()


def whole_number(cell: str) -> str:
    """A whole number without marks of thousands; ValueError for one that could be two numbers."""
    text = _western(cell)
    return _ungrouped(_ZEROS.sub("", text), cell, points=True)


def plain_number(cell: str) -> str:
    """A number with a point; ValueError for one that could be two numbers."""
    text = _western(cell)
    found = _DECIMAL.match(text)
    if found is not None and found["point"] != found["sign"]:
        return f"{found['whole'].replace(found['sign'], '')}.{found['rest']}"
    text = _ungrouped(text, cell, points=False)
    return text.replace(",", ".") if text.count(",") == 1 and "." not in text else text


def _ungrouped(text: str, cell: str, *, points: bool) -> str:
    """A number whose thousands are told apart by blanks, apostrophes, or more than one comma or point."""
    found = _GROUPED.match(text)
    if found is None:
        return text
    sign = found["sign"]
    if _SPACES.match(sign) or text.count(sign) > 1:
        return text.replace(sign, "")
    if sign == "," or points:
        plain = text.replace(sign, "")
        raise ValueError(
            f"'{cell[:40]}' may be {plain} or {text.replace(sign, '.')}: write it without '{sign}'"
        )
    return text


def iso_day(cell: str) -> str:
    """A day as YYYY-MM-DD; what is written otherwise, and what could be two days, stays as it is."""
    text = _western(cell)
    for pattern, order in ((_DAY_FIRST, (3, 2, 1)), (_YEAR_FIRST, (1, 2, 3))):
        found = pattern.match(text)
        if found is not None:
            return _written(*(int(found[place]) for place in order))
    found = _SLASHES.match(text)
    if found is not None:
        one, two, year = (int(each) for each in found.groups())
        if one > MONTHS_IN_YEAR or one == two:
            return _written(year, two, one)
        return _written(year, one, two) if two > MONTHS_IN_YEAR else cell
    found = _NAMED.match(text)
    if found is not None and (found[1] is None) != (found[3] is None) and found[2][:3].lower() in _MONTHS:
        return _written(int(found[4]), _MONTHS.index(found[2][:3].lower()) + 1, int(found[1] or found[3]))
    return cell


def _written(year: int, month: int, day: int) -> str:
    return f"{year:04}-{month:02}-{day:02}"
