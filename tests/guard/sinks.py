"""Handlers of every sort, and what has left through each, as one text."""

from __future__ import annotations

import contextlib
import io
import json
import logging
import logging.handlers
import pickle
import queue
import socket
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

Sink = tuple[logging.Handler, "Callable[[], str]"]
FORMATTER = logging.Formatter("%(levelname)s %(message)s %(who)s")


class OverriddenFormat(logging.StreamHandler[io.StringIO]):
    """A handler that formats by itself."""

    def format(self, record: logging.LogRecord) -> str:
        return "own: " + FORMATTER.format(record)


class OverriddenEmit(logging.Handler):
    """A handler that asks its formatter, or nobody, and writes."""

    def __init__(self, told: Callable[[logging.LogRecord], str]) -> None:
        super().__init__()
        self.stream, self.told = io.StringIO(), told

    def emit(self, record: logging.LogRecord) -> None:
        self.stream.write(self.told(record) + "\n")


class Lines(logging.handlers.SocketHandler):
    """A handler that sends JSON lines, as many recipes do."""

    def makePickle(self, record: logging.LogRecord) -> bytes:  # noqa: N802 - the standard library's name
        return json.dumps(vars(record), default=str).encode()


def _streamed(handler: Any) -> Sink:
    handler.setFormatter(FORMATTER)
    return handler, handler.stream.getvalue


@contextlib.contextmanager
def stream(_folder: Path) -> Iterator[Sink]:
    yield _streamed(logging.StreamHandler(io.StringIO()))


@contextlib.contextmanager
def overridden_format(_folder: Path) -> Iterator[Sink]:
    yield _streamed(OverriddenFormat(io.StringIO()))


@contextlib.contextmanager
def replaced_format(_folder: Path) -> Iterator[Sink]:
    """A handler whose format was replaced on the object."""
    handler: Any = logging.StreamHandler(io.StringIO())
    handler.format = FORMATTER.format
    yield handler, handler.stream.getvalue


@contextlib.contextmanager
def formatter_asked_directly(_folder: Path) -> Iterator[Sink]:
    yield _streamed(OverriddenEmit(FORMATTER.format))


@contextlib.contextmanager
def message_only(_folder: Path) -> Iterator[Sink]:
    yield _streamed(OverriddenEmit(logging.LogRecord.getMessage))


@contextlib.contextmanager
def whole_record(_folder: Path) -> Iterator[Sink]:
    yield _streamed(OverriddenEmit(lambda record: json.dumps(vars(record), default=repr)))


@contextlib.contextmanager
def memory(_folder: Path) -> Iterator[Sink]:
    target, read = _streamed(logging.StreamHandler(io.StringIO()))
    handler = logging.handlers.MemoryHandler(1, target=target)
    yield handler, read
    handler.close()


@contextlib.contextmanager
def own_buffer(_folder: Path) -> Iterator[Sink]:
    """A buffering handler that writes by itself what has gathered."""

    class Own(logging.handlers.BufferingHandler):
        written = ""

        def flush(self) -> None:
            self.written += "".join(FORMATTER.format(record) for record in self.buffer)
            self.buffer.clear()

    handler = Own(1)
    yield handler, lambda: handler.written
    handler.close()


@contextlib.contextmanager
def queued(_folder: Path) -> Iterator[Sink]:
    """A queue whose listener prints later; what waits in the queue counts as well."""
    waiting: queue.Queue[Any] = queue.Queue()
    target, read = _streamed(logging.StreamHandler(io.StringIO()))
    listener = logging.handlers.QueueListener(waiting, target)

    def drained() -> str:
        waits = repr([vars(record) for record in waiting.queue])
        listener.start()
        listener.stop()
        return waits + read()

    yield logging.handlers.QueueHandler(waiting), drained


@contextlib.contextmanager
def rotating(folder: Path) -> Iterator[Sink]:
    handler = logging.handlers.RotatingFileHandler(folder / "app.log", maxBytes=200, backupCount=20)
    handler.setFormatter(FORMATTER)
    yield handler, lambda: "".join(path.read_text() for path in folder.glob("app.log*"))
    handler.close()


@contextlib.contextmanager
def _datagrams() -> Iterator[tuple[tuple[str, int], Callable[[], list[bytes]]]]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(("127.0.0.1", 0))
        receiver.setblocking(False)

        def read() -> list[bytes]:
            found = []
            with contextlib.suppress(BlockingIOError):
                while True:
                    found.append(receiver.recv(65536))
            return found

        yield receiver.getsockname(), read


@contextlib.contextmanager
def syslog(_folder: Path) -> Iterator[Sink]:
    with _datagrams() as (address, read):
        handler = logging.handlers.SysLogHandler(address)
        handler.setFormatter(FORMATTER)
        yield handler, lambda: b"".join(read()).decode()
        handler.close()


def _unpickled(data: bytes) -> str:
    """Read a record as its receiver does: four bytes of length, then a mapping."""
    record = logging.makeLogRecord(pickle.loads(data[4:]))
    return f"{vars(record)} {FORMATTER.format(record)}"


@contextlib.contextmanager
def datagram(_folder: Path) -> Iterator[Sink]:
    with _datagrams() as (address, read):
        handler = logging.handlers.DatagramHandler(*address)
        yield handler, lambda: "".join(map(_unpickled, read()))
        handler.close()


@contextlib.contextmanager
def _connected(kind: Any, told: Callable[[bytes], str]) -> Iterator[Sink]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        handler = kind(*server.getsockname())

        def read() -> str:
            handler.close()
            with server.accept()[0] as connection, connection.makefile("rb") as received:
                return told(received.read())

        yield handler, read


def _all_unpickled(data: bytes) -> str:
    texts = ""
    while data:
        end = 4 + int.from_bytes(data[:4], "big")
        texts, data = texts + _unpickled(data[:end]), data[end:]
    return texts


@contextlib.contextmanager
def tcp(_folder: Path) -> Iterator[Sink]:
    with _connected(logging.handlers.SocketHandler, _all_unpickled) as sink:
        yield sink


@contextlib.contextmanager
def json_over_tcp(_folder: Path) -> Iterator[Sink]:
    with _connected(Lines, bytes.decode) as sink:
        yield sink


@contextlib.contextmanager
def http(_folder: Path) -> Iterator[Sink]:
    received: list[str] = []

    class Receiving(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append(urllib.parse.unquote_plus(self.rfile.read(int(self.headers["Content-Length"])).decode()))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Receiving)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield logging.handlers.HTTPHandler(f"127.0.0.1:{server.server_port}", "/", "POST"), lambda: "".join(received)
    server.shutdown()
    thread.join()
    server.server_close()


SINKS = (
    stream, overridden_format, replaced_format, formatter_asked_directly, message_only, whole_record, memory,
    own_buffer, queued, rotating, syslog, datagram, tcp, json_over_tcp, http,
)  # fmt: skip
