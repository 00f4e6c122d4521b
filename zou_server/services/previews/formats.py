"""Which files are taken as previews, by the extension of their name, and what becomes of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum

from zou_server.models.errors import Invalid


class MediaForm(Enum):
    """The form of a file to whoever reviews it: picture, movie, or another."""

    PICTURE = "picture"
    MOVIE = "movie"
    OTHER = "other"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


EXTENSIONS: Mapping[MediaForm, frozenset[str]] = {
    # docs/protocols/zou.md 7, and the formats of compositors and phones that Zou does not take
    MediaForm.PICTURE: _words(
        "jpe jpeg jpg png gif webp bmp heic heif avif tif tiff tga exr sxr dpx cin hdr rgbe psd psb"
    ),
    MediaForm.MOVIE: _words("avi m4v mkv mov mp4 mpeg mpg mxf ogv webm wmv"),
    MediaForm.OTHER: _words(
        "abc ae ai blend clip comp diff fbx fla flv glb gltf hip kra ma mb md mp3 nk obj pdf rar rev riv sai "
        "sai2 sbbkp svg swf tvpp usd usda usdc usdz wav zip"
    ),
}
"""Form -> the extensions of files that are taken."""

ANIMATED = "gif"
"""A picture that clients play as it was sent."""

_FORMS = {extension: form for form, extensions in EXTENSIONS.items() for extension in extensions}
_SHOWN = {MediaForm.PICTURE: "png", MediaForm.MOVIE: "mp4"}
_NAME = re.compile(r"(?P<stem>.*)\.(?P<extension>[A-Za-z0-9]{1,10})\Z", re.DOTALL)


def split_name(name: str) -> tuple[str, str]:
    """The stem and the extension of a file name, in lower case; Invalid for a kind that is not taken."""
    last = name.replace("\\", "/").rpartition("/")[2]
    found = _NAME.match(last)
    extension = found["extension"].lower() if found else ""
    if found is None or extension not in _FORMS:
        known = ", ".join(sorted(_FORMS))
        shown = f"'.{extension}'" if extension else "without an extension"
        message = f"Files {shown} are not taken; those with these extensions are: {known}."
        raise Invalid(message, {"file": ["has an extension that is not taken"]})
    return "".join(c for c in found["stem"] if c.isprintable())[:250], extension


def form_of(extension: str) -> MediaForm:
    """The form of a file with this extension."""
    return _FORMS.get(extension, MediaForm.OTHER)


def review_form(extension: str, *, has_frames: bool) -> MediaForm:
    """What a file is to whoever reviews it: an archive of numbered pictures is a movie."""
    return MediaForm.MOVIE if has_frames else form_of(extension)


def shown_extension(extension: str) -> str:
    """The extension that a preview shows: that of the rendition that clients ask for."""
    return extension if extension == ANIMATED else _SHOWN.get(form_of(extension), extension)


_MEDIA_TYPES = {
    "jpe": "image/jpeg",
    "jpg": "image/jpeg",
    "m4v": "video/mp4",
    "mkv": "video/x-matroska",
    "mov": "video/quicktime",
    "mp3": "audio/mpeg",
    "glb": "model/gltf-binary",
    "gltf": "model/gltf+json",
    "md": "text/markdown",
    "exr": "image/x-exr",
    "hdr": "image/vnd.radiance",
    "psd": "image/vnd.adobe.photoshop",
    **{
        name: f"image/{name}"
        for name in ("png", "jpeg", "gif", "webp", "bmp", "heic", "heif", "avif", "tiff")
    },
    **{name: f"video/{name}" for name in ("mp4", "webm", "mpeg")},
    "pdf": "application/pdf",
    "wav": "audio/wav",
    "zip": "application/zip",
}


def media_type(extension: str) -> str:
    """The media type of a file with this extension."""
    return _MEDIA_TYPES.get(extension, "application/octet-stream")
