"""What the services need of the outside, as they see it; `zou_server.adapters` makes it real."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Protocol

from zou_server.footage.look import PLAIN_LOOK, Look

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

    from sqlalchemy import Connection

    from zou_server.footage.frame_rate import FrameRate


@dataclass(frozen=True, slots=True)
class Stored:
    """The size in bytes and the SHA-256 in hexadecimal of a file that was stored."""

    size: int
    checksum: str


@dataclass(frozen=True, slots=True)
class Opened:
    """Stored bytes to read: whoever opens closes the stream, which can seek.

    `version` is a short text that changes whenever the bytes under the key do (an ETag), `modified`
    the moment when they were put there.
    """

    stream: IO[bytes]
    size: int
    version: str
    modified: dt.datetime


class Storage(Protocol):
    """Bytes by key. A key is a relative path of plain words: `pictures/thumbnails/ab1/c2d/<id>.png`.

    ValueError for any other key; Unavailable when the store cannot be reached or is full.
    """

    def put(self, key: str, stream: IO[bytes]) -> Stored:
        """Keep what the stream holds under the key, in place of what was there; all of it or nothing."""

    def open(self, key: str) -> Opened:
        """Open what is under the key; NotFound when nothing is."""

    def local_copy(self, key: str) -> AbstractContextManager[Path]:
        """A file on this machine's disk with what is under the key, to read while the block runs."""

    def exists(self, key: str) -> bool:
        """Tell whether something is under the key."""

    def delete(self, key: str) -> None:
        """Forget what is under the key; nothing happens when nothing is."""

    def address(self, key: str, *, media_type: str, disposition: str = "") -> str | None:
        """A URL where the bytes can be fetched for a short while without any credential.

        None where clients cannot reach the store. The two words become headers of that answer.
        """


class ListedStorage(Storage, Protocol):
    """A store that can be looked through."""

    def keys(self, folder: str, older_than: float) -> Iterator[str]:
        """The keys below a folder (`previews/sources`) whose bytes have been there for so many seconds."""


@dataclass(frozen=True, slots=True)
class MovieShape:
    """The format of a project's movies.

    `rate` is a number of frames a second as ffmpeg takes it ("25", "24000/1001"); `width` 0 follows from
    the height. The bit rates, in Mbit/s, are the most that the full and the low movie may take.
    `keep` leaves the pictures of the full movie as they were sent, where browsers can play them.
    """

    rate: str = "25"
    width: int = 0
    height: int = 1080
    full_bits: int = 28
    low_bits: int = 6
    keep: bool = False
    look: Look = PLAIN_LOOK
    """How pictures with layers, and in the colours of compositors, are looked at."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """The renditions of a file: `files` by the first words of their keys (`pictures/previews`, `movies/low`).

    Pixels, and seconds for a movie; `original` holds the same of the file as it was sent.
    """

    width: int
    height: int
    duration: float
    files: Mapping[str, Path]
    original: Mapping[str, float]
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What is known of its frames: `frame_rate` of the movie, `source_frame_rate` of the file where that is
    another, and where the file says so `first_frame`, `start_timecode`, `missing_frames`."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a movie that is put together: a movie of ours, or a picture."""

    path: Path
    is_movie: bool


@dataclass(frozen=True, slots=True)
class Counter:
    """How frames are counted in a corner: the number of the first, and how many numbers pass with each."""

    first: int = 0
    step: Fraction = Fraction(1)


TILE_HEIGHT, TILES_IN_ROW = 100, 8
"""The sheet of a movie's frames, as Kitsu's player expects it below its own (docs/protocols/zou.md 7)."""


class Media(Protocol):
    """Makes renditions of pictures and movies. Unreadable, with the reason, for a file that is none."""

    def picture(self, source: Path, extension: str, folder: Path, look: Look = PLAIN_LOOK) -> Rendered:
        """Draw a picture in every size, into a folder."""

    def sequence(
        self, source: Path, folder: Path, shape: MovieShape, report: Callable[[int], None]
    ) -> Rendered:
        """Make of an archive of numbered pictures what `movie` makes of a movie."""

    def movie(self, source: Path, folder: Path, shape: MovieShape, report: Callable[[int], None]) -> Rendered:
        """Make the movies, tiles and pictures of a movie; `report` hears of the per cent, and may raise."""

    def web_movie(self, source: Path, folder: Path) -> Path:
        """A movie of ours once more, in the format of browsers that cannot play H.264 (WebM)."""

    def strip(self, movie: Path, folder: Path) -> Path:
        """Frames of a movie of ours side by side, as JPEG: what people run over with the mouse."""

    def joined(
        self, segments: Sequence[Segment], folder: Path, shape: MovieShape, still_seconds: float
    ) -> Path:
        """One movie of several movies and pictures, one after the other."""

    def overlaid(
        self,
        movie: Path,
        layer: Callable[[tuple[int, int]], Path],
        counter: Counter | None,
        folder: Path,
    ) -> Path:
        """A movie of ours with a picture laid over it, made for its size, and its frames counted."""

    def frame(self, movie: Path, number: int, folder: Path) -> Path:
        """A frame of a movie as PNG, counted from 0; Invalid when there is none so late."""


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail to one person: as text and, the same, as HTML.

    `about` names what the mail is about, `above` what that answers, from the first on: mail programs put
    mails together by them.
    """

    to: str
    subject: str
    text: str
    html: str
    about: str = ""
    above: Sequence[str] = ()


class Mailer(Protocol):
    """Sends mails."""

    def send(self, mail: Mail) -> None:
        """Hand a mail over to be delivered; Unavailable when nobody takes it now."""


@dataclass(frozen=True, slots=True)
class Presented:
    """A person as a directory or an identity provider presents them."""

    email: str
    first_name: str = ""
    last_name: str = ""
    login: str = ""
    """Their name in a directory, by which it knows them again."""


class Directory(Protocol):
    """Where a studio keeps its people and their passwords; Unavailable when it does not answer."""

    def log_in(self, name: str, password: str) -> Presented | None:
        """The person of this name there; None for nobody, Unauthenticated when the password is another."""

    def everybody(self) -> Iterator[Presented]:
        """All people there."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A log-in at an identity provider: where the browser goes, and what it keeps until it comes back."""

    url: str
    kept: Mapping[str, str]


class IdentityProvider(Protocol):
    """Logs people in at its own pages; Unavailable when it does not answer."""

    name: str

    def begin(self, back: str) -> Begun:
        """Send somebody there; `back` is the address to come back to."""

    def finish(self, back: str, kept: Mapping[str, str], sent: Mapping[str, str]) -> Presented:
        """The person who came back; Unauthenticated when what they bring does not fit."""


class Jobs(Protocol):
    """Work for later, by the name of its task; see `zou_server.adapters.jobs`."""

    def defer(self, connection: Connection, task: str, arguments: Mapping[str, object]) -> None:
        """Have a task done once the transaction of the connection stands, and only then."""


class WakeUps(Protocol):
    """Says when something may have been committed; see `zou_server.adapters.wake_ups`."""

    def wait(self, seconds: float) -> None:
        """Return when there may be something new, when somebody called `wake`, or after so many seconds."""

    def wake(self) -> None:
        """End the waiting of another thread."""

    def close(self) -> None:
        """Let go of the connection."""


class Neighbours(Protocol):
    """The other web processes of this machine, by name; see `zou_server.adapters.worker_sockets`.

    `name` is that of this process, empty where there is only one.
    """

    name: str

    def pass_on(
        self, name: str, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes] | None:
        """Have a request answered by the process of that name; None when there is none (any more)."""


class WorkFolders(Protocol):
    """Folders on this machine for big temporary files."""

    def folder(self) -> AbstractContextManager[Path]:
        """A new, empty folder, gone with all that is in it when the block ends."""


@dataclass(frozen=True, slots=True)
class Clip:
    """A clip of an editorial file: its name, its first frame in the cut and how many.

    Without frames both are None, and `why` says why. `others` are what else it may be called (its file, its
    tape). `source` is the first frame of its source and how many, where the file says so. `speed` is 1.0 for
    none but retimes (0 is a freeze, below 0 backwards). `head` is how many frames the transition into it
    takes, `early` how many of them lie before its place, `tail` how much of it is seen beyond its end;
    `transition` is D for a dissolve, W and a number for a wipe. `counted` are the numbers of its first and
    last frame where the file counts them, `timecodes` the labels of its source's in and out and of its own.
    `line` and `event` are where the file says it, 0 and "" where files have neither.
    """

    name: str
    first: int | None = None
    frames: int | None = None
    why: str = ""
    others: tuple[str, ...] = ()
    source: tuple[int, int] | None = None
    reel: str = ""
    file: str = ""
    motion: float | None = None
    speed: float = 1.0
    cdl: Mapping[str, object] | None = None
    markers: tuple[Mapping[str, object], ...] = ()
    head: int = 0
    early: int = 0
    tail: int = 0
    transition: str = ""
    counted: tuple[int, int] | None = None
    timecodes: tuple[str, ...] = ()
    line: int = 0
    event: str = ""
    track: str = ""


@dataclass(frozen=True, slots=True)
class Timeline:
    """Clips to write as an editorial file, and the timecode of its first frame.

    `start` is the frame that this timecode labels; `drop` says whether labels are left out. `left_out` names
    the shots that are asked for and have no length.
    """

    name: str
    rate: FrameRate
    clips: Sequence[Clip]
    start: int = 0
    drop: bool = False
    left_out: tuple[str, ...] = ()


class Timelines(Protocol):
    """Reads editorial files (EDL, OTIO, XML, AAF), and writes all but the last."""

    def file(self, timeline: Timeline, extension: str) -> bytes:
        """The timeline as a file of this extension."""

    def clips(self, path: Path, extension: str, rate: FrameRate) -> list[Clip]:
        """The clips of all video tracks; `rate` is for files that do not say it. Invalid for other files."""
