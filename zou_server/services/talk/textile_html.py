"""Textile as HTML that is safe to show: a kept library makes it, another takes out what could do harm."""

from __future__ import annotations

import nh3
import textile


def html_of(text: str | None) -> str:
    """The HTML of a Textile text: no script, no style, no address but those of the web and of mail."""
    if not text:
        return ""
    made = textile.textile(text, html_type="html5")
    return str(nh3.clean(made, url_schemes={"http", "https", "mailto"}))
