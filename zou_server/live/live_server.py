"""The Socket.IO server of a web process: python-socketio, held to what clients of ours do.

Clients listen, say who they are, and send the events that the server is told of; others are passed over. What
they send is small; what cannot be understood ends the connection; so does a connection that does not join the
namespace in time. Nothing here knows the studio.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Any

import engineio
import simple_websocket
import socketio
from engineio.exceptions import SocketIsClosedError
from engineio.packet import MESSAGE, Packet
from engineio.payload import Payload
from gevent import monkey
from socketio.packet import EVENT
from socketio.packet import Packet as Words
from wsproto.utilities import RemoteProtocolError

NAMESPACE = "/events"
ALSO_JOINED = "/"
"""gazu joins this one too, and fails when it cannot; nothing is ever said in it."""
MAX_SENT_BYTES = 524_288
"""The most that a client may send at once: a drawing of some minutes."""
JOIN_SECONDS, LOOKS = 30.0, 6
"""How long a session may stay outside the namespace, and how often we look meanwhile."""
PACKETS_AT_ONCE = Payload.max_decode_packets
"""The Python client refuses an answer with more packets than this."""
FRAMES_AT_ONCE = 100
"""The most messages that a web socket is sent by one call."""
PACKETS_IN_A_ROW = 250
"""After so many packets, those who send them have their turn, and requests."""
_LISTENER_SAYS = ("0", "1")
"""The first letters of the Socket.IO packets that every listener sends: connect and disconnect."""
_EVENT = "2"
_TEXT, _SHORT, _MIDDLE = 0x81, 125, 0xFFFF
"""How a whole text begins on a web socket, and the sizes that its head has room for."""
_CONNECTIONS = ("werkzeug.socket", "gunicorn.socket")
"""Where a WSGI server puts the connection, for web sockets."""


class LiveServer(socketio.Server):
    """Socket.IO with one namespace, in which clients listen; `heard` are the events that they may send."""

    def __init__(
        self,
        process_name: Callable[[], str],
        join_seconds: float = JOIN_SECONDS,
        heard: Collection[str] = (),
    ) -> None:
        # Without gevent's patches the process serves with threads, as the development server does.
        mode = "gevent" if monkey.is_module_patched("threading") else "threading"
        super().__init__(
            async_mode=mode,
            namespaces=[NAMESPACE, ALSO_JOINED],
            max_http_buffer_size=MAX_SENT_BYTES,
            async_handlers=False,  # what a client sends is dealt with in its order
            logger=logging.getLogger("socketio"),
            engineio_logger=ClientFaults(logging.getLogger("engineio")),
        )
        self.heard, self._join_seconds = frozenset(heard), join_seconds
        self.eio.process_name = process_name
        self._open, self._understand = self.eio.handlers["connect"], self.eio.handlers["message"]
        self.eio.on("connect", self._meet)
        self.eio.on("message", self._hear)
        self._is_watching = False
        self.stopped_with: Callable[[], None] = lambda: None
        """What else ends when this server is stopped."""

    def _engineio_server_class(self) -> type[EngineServer]:
        return EngineServer

    def session_of(self, key: str) -> Any:
        """The Engine.IO session of a listener who has joined; None when there is none."""
        if not self.manager.is_connected(key, NAMESPACE):
            return None
        return self.eio.sockets.get(self.manager.eio_sid_from_sid(key, NAMESPACE))

    def is_gone(self, key: str) -> bool:
        """Tell whether the session of somebody who is joining ended meanwhile."""
        return self.manager.eio_sid_from_sid(key, NAMESPACE) not in self.eio.sockets

    def tell(self, keys: Sequence[str], said: Sequence[tuple[str, Any]]) -> None:
        """Tell listeners of events, names and data, in this order; each event is put into words once.

        One listener after the other gets all of them: their web socket is woken, and sends, only once.
        """
        packets = [Packet(MESSAGE, _words_of(name, data)) for name, data in said]
        put = 0
        for key in keys:
            session = self.session_of(key)
            if session is None:
                continue
            with suppress(SocketIsClosedError):
                for packet in packets:
                    session.send(packet)
            put += len(packets)
            if put >= PACKETS_IN_A_ROW:
                put = 0
                self.sleep(0)

    def dismiss(self, key: str) -> None:
        """Tell a listener to leave: their client does not come back by itself."""
        eio_sid = self.manager.eio_sid_from_sid(key, NAMESPACE)
        for each in (NAMESPACE, ALSO_JOINED):
            self.disconnect(self.manager.sid_from_eio_sid(eio_sid, each), each)

    def cut_off(self, key: str) -> None:
        """End a listener's session at once, without a word: their client comes back."""
        self.eio.cut_off(self.manager.eio_sid_from_sid(key, NAMESPACE))

    def stop(self) -> None:
        """End all sessions; called again, it does not wait for clients to answer."""
        self.stopped_with()
        for line in list(self.eio.lines):
            line.end()
        for sid in list(self.eio.sockets):
            self.eio.cut_off(sid)

    def _meet(self, eio_sid: str, environ: dict[str, Any]) -> Any:
        """A new session: sessions that do not join are looked for as long as there are any."""
        self._look_out()
        return self._open(eio_sid, environ)

    def _hear(self, eio_sid: str, data: Any) -> None:
        """What a client says."""
        if isinstance(data, str) and (data.startswith(_LISTENER_SAYS) or self._is_heard(data)):
            self._understand(eio_sid, data)

    def _is_heard(self, data: str) -> bool:
        if not (self.heard and data.startswith(_EVENT)):
            return False
        words = Words(encoded_packet=data)
        is_event = isinstance(words.data, list) and bool(words.data) and isinstance(words.data[0], str)
        return is_event and words.namespace == NAMESPACE and words.data[0] in self.heard

    def _look_out(self) -> None:
        if not self._is_watching and self.eio.sockets:
            self._is_watching = True
            self.start_background_task(self._watch)

    def _watch(self) -> None:
        since: dict[str, float] = {}
        while self.eio.sockets:
            now = time.monotonic()
            idle = [s for s in list(self.eio.sockets) if self.manager.sid_from_eio_sid(s, NAMESPACE) is None]
            since = {sid: since.get(sid, now) for sid in idle}
            for sid, began in since.items():
                if now - began > self._join_seconds:
                    self.eio.cut_off(sid)
            self.sleep(self._join_seconds / LOOKS)
        self._is_watching = False
        self._look_out()


class EngineServer(engineio.Server):
    """Engine.IO whose session ids name the process that holds the session: `<name>.<random>`."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.process_name: Callable[[], str] = str
        self.lines: set[Line] = set()
        driver: dict[str, Any] = self._async
        self._queue_class = _queue_class(driver["queue"], driver["queue_empty"])
        self._async: Any = {**driver, "websocket": _websocket_class(driver["websocket"])}

    def generate_id(self) -> str:
        """An unguessable session id."""
        name, plain = self.process_name(), str(super().generate_id())
        return f"{name}.{plain}" if name else plain

    def create_queue(self, *arguments: Any, **options: Any) -> Any:
        """The queue of what a session is still to be sent."""
        return self._queue_class(*arguments, **options)

    def send_packet(self, sid: str, pkt: Any) -> None:
        """Queue a packet; whoever left just now needs none."""
        with suppress(SocketIsClosedError):
            super().send_packet(sid, pkt)

    def cut_off(self, sid: str) -> None:
        """End a session at once: its client takes it for a broken line."""
        found = self.sockets.pop(sid, None)
        if found is not None:
            found.close(wait=False, abort=True)


class ClientFaults(logging.LoggerAdapter[logging.Logger]):
    """The library's logger: what it calls an error, but for exceptions, is a mistake of a client."""

    def error(self, msg: object, *args: object, **_options: Any) -> None:
        """Note a mistake."""
        self.info(msg, *args)


def is_understood(sent: bytes) -> bool:
    """Tell whether the body of a poll is made of packets."""
    try:
        packets = Payload(encoded_payload=sent.decode()).packets
        return bool(packets) and all(_is_word(packet) for packet in packets)
    except Exception:  # noqa: BLE001 - the library raises whatever its parsing stumbles over
        return False


def _is_word(packet: Packet) -> bool:
    if packet.packet_type == MESSAGE and isinstance(packet.data, str):
        Words(encoded_packet=packet.data)  # raises
    return True


def _words_of(name: str, data: Any) -> Any:
    """An event of our namespace as it is said."""
    return Words(EVENT, namespace=NAMESPACE, data=[name] if data is None else [name, data]).encode()


@lru_cache(maxsize=64)
def frame_of(words: str) -> bytes:
    """A text as the message of a web socket (RFC 6455, 5.2): a server's is the same for everybody."""
    said = words.encode()
    if len(said) <= _SHORT:
        return bytes((_TEXT, len(said))) + said
    mark, wide = (126, 2) if len(said) <= _MIDDLE else (127, 8)
    return bytes((_TEXT, mark)) + len(said).to_bytes(wide) + said


class Frames(bytes):
    """Messages of a web socket, as they are sent."""


class Together:
    """Packets that a web socket sends by one call."""

    def __init__(self, packets: Sequence[Packet]) -> None:
        self._packets = packets

    def encode(self) -> Frames:
        """All of them as messages."""
        return Frames(b"".join([frame_of(packet.encode()) for packet in self._packets]))


def _queue_class(base: Any, empty: type[Exception]) -> Any:
    """A queue that gives no more than one answer may hold, and that nobody waits for to be empty.

    The queue of a web socket gives what there is together.
    """

    class PacketQueue(base):
        _in_a_row = 0
        session: Any = None
        """Of whom the queue is, where that is a web socket or becomes one."""

        def get(self, block: bool = True, timeout: float | None = None) -> Any:  # noqa: FBT001, FBT002
            if not block and self._in_a_row >= PACKETS_AT_ONCE:
                raise empty
            found = super().get(block, timeout)
            self._in_a_row = 1 if block else self._in_a_row + 1
            is_sent = block and found is not None and self.session is not None and self.session.upgraded
            return self._together(found) if is_sent else found

        def _together(self, first: Any) -> Any:
            packets = [first]
            with suppress(empty):
                while len(packets) < FRAMES_AT_ONCE:
                    found = super().get(block=False)
                    self.task_done()
                    if found is None:  # the end, which is for whoever asks next
                        self.put(None)
                        break
                    packets.append(found)
            return Together(packets)

        def join(self, *_timeout: float) -> None:
            """Whoever was to take what is left may be gone."""

    return PacketQueue


class Line:
    """The connection of a web socket: sends all or nothing, one message at a time, and not for ever.

    The web socket library uses `send`, which under gevent may send a part, and from two greenlets.
    """

    def __init__(self, connection: Any, seconds: float) -> None:
        connection.settimeout(seconds)
        self._connection, self._lock = connection, threading.Lock()

    def send(self, data: bytes) -> None:
        """Send all of it."""
        with self._lock:
            self._connection.sendall(data)

    def recv(self, size: int) -> bytes:
        """Some bytes; none at the end."""
        found: bytes = self._connection.recv(size)
        return found

    def end(self) -> None:
        """End it both ways; whoever waits for bytes gets none."""
        with suppress(OSError):
            self._connection.shutdown(2)

    def close(self) -> None:
        """End it, and let go."""
        self.end()
        with suppress(OSError):
            self._connection.close()


def _connection_in(environ: Mapping[str, Any]) -> str | None:
    """The key of the connection; None where the server gives none."""
    return next((each for each in _CONNECTIONS if each in environ), None)


def _understood(found: Any) -> str | None:
    """What a client said; None, as if it had left, for what cannot be understood."""
    return found if isinstance(found, str) and is_understood(found.encode()) else None


class Sends:
    """How a web socket sends: what it is given, framed by us, by one call."""

    ws: Any
    _line: Line

    def send(self, message: str | Frames) -> None:
        """Send a text, or what is ready to be sent."""
        if not self.ws.connected:
            raise OSError
        self._line.send(message if isinstance(message, Frames) else frame_of(message))


def _websocket_class(base: Any) -> Any:
    """Engine.IO's web socket with limits: of what is sent to it, and of the time that sending takes."""

    class WebSocket(Sends, base):
        def __init__(self, handler: Any, engine: EngineServer) -> None:
            super().__init__(handler, engine)
            self._engine, self._sid = engine, handler.__self__.sid
            handler.__self__.queue.session = handler.__self__
            self.server_args["max_message_size"] = engine.max_http_buffer_size

        def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
            name = _connection_in(environ)
            if name is None:
                return self._refused("this server cannot open one")
            self._line = Line(environ[name], self._engine.ping_interval + self._engine.ping_timeout)
            # To compress a few words for each listener would cost 300 kB of memory each.
            kept = {**environ, name: self._line}
            kept.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
            self._engine.lines.add(self._line)
            try:
                return super().__call__(kept, start_response)
            except RemoteProtocolError as error:
                return self._refused(error)
            finally:
                self._engine.lines.discard(self._line)

        def _refused(self, why: object) -> dict[str, Any]:
            self._engine.cut_off(self._sid)
            text = [("Content-Type", "text/plain")]
            said = f"No web socket: {why}".encode()
            return {"status": "400 BAD REQUEST", "headers": text, "response": said}

        def wait(self) -> Any:
            return _understood(super().wait())

        def close(self) -> None:
            with suppress(OSError, simple_websocket.ConnectionClosed):
                super().close()
            self._line.end()

    return WebSocket
