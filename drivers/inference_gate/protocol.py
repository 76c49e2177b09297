"""The conversation with the gate in JSON Lines (docs/engine-protocol.md), kept whole whatever a framework prints."""

import json
import math
import os
import select
import sys
import traceback

from .failure import hints_of, last_line
from .refusal import Refused
from .request_messages import PROTOCOL, NoMessage, checked


class Channel:
    """Lines to and from the gate, on file descriptors that nothing else in this process knows."""

    def __init__(self, source, sink):
        self._source = source
        self._sink = sink
        self._bytes = bytearray()
        self._lines = []
        self._ended = False

    @classmethod
    def take_over(cls):
        """Takes stdin and stdout for the protocol: what anybody prints goes to stderr, what anybody reads is empty."""
        sys.stdout.flush()
        source, sink = os.dup(0), os.dup(1)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        os.dup2(2, 1)
        # Ends a line that something has begun there before us.
        os.write(sink, b"\n")
        return cls(source, sink)

    def say(self, **message):
        """One message, written at once. A gate that has gone raises BrokenPipeError."""
        data = (json.dumps(message, allow_nan=False, separators=(",", ":")) + "\n").encode("utf-8")
        view = memoryview(data)
        while len(view):
            view = view[os.write(self._sink, view) :]

    def next(self):
        """The next message; waits for it. None when the gate has gone."""
        while not self._lines and not self._ended:
            self._read()
        return self._lines.pop(0) if self._lines else None

    def waiting(self):
        """The messages that are there, without waiting and without taking them."""
        while not self._ended and select.select([self._source], [], [], 0)[0]:
            self._read()
        return self._lines

    @property
    def ended(self):
        return self._ended

    def _read(self):
        chunk = os.read(self._source, 1 << 16)
        if not chunk:
            self._ended = True
            return
        self._bytes += chunk
        while True:
            end = self._bytes.find(b"\n")
            if end < 0:
                return
            line = bytes(self._bytes[:end])
            del self._bytes[: end + 1]
            if line.strip():
                self._lines.append(checked(_parsed(line)))


class Request:
    """One `complete` message and the way to answer it."""

    def __init__(self, channel, message):
        self._channel = channel
        self.id = message["id"]
        self.prompt = message["prompt"]
        self.sampling = message["sampling"]
        self.extra = message["extra"]
        self.tokens = 0

    def token(self, token_id, logprob, margin, text):
        """One more token; numbers that are not finite are not told."""
        self._channel.say(
            type="token",
            id=self.id,
            index=self.tokens,
            token_id=token_id,
            logprob=_finite(logprob),
            margin=_finite(margin),
            text=_unicode(text),
        )
        self.tokens += 1

    def is_stopped(self):
        """Whether the gate wants no more of this answer, or has gone."""
        for message in self._channel.waiting():
            if message["type"] == "bye" or (message["type"] == "stop" and message["id"] == self.id):
                return True
        return self._channel.ended


def converse(channel, open_engine):
    """
    The whole life of a driver; returns its exit code. `open_engine` returns settings and engine. An engine has `name`, `version`,
    `facts()`, `before_request()`, `complete(request)` (which returns the fields of `output`), and `close()`.
    """
    try:
        return _converse(channel, open_engine)
    except BrokenPipeError:
        return 0
    except NoMessage as error:
        sys.stderr.write(f"the gate sent what is no message of protocol {PROTOCOL}: {error}\n")
        return 2


def _converse(channel, open_engine):
    try:
        _, engine = open_engine()
        facts = engine.facts()
    except Refused as refused:
        _log(refused)
        return _refuse(channel, refused)
    except Exception as error:  # noqa: BLE001 - whatever it is, the gate must hear of it
        _log(error)
        expected = "an engine that starts"
        return _refuse(channel, Refused("engine-start-failed", "engine", last_line(error), expected, hints_of(error)))
    channel.say(
        type="ready", protocol=PROTOCOL, engine={"name": engine.name, "version": engine.version}, facts=facts
    )
    try:
        while True:
            message = channel.next()
            if message is None or message["type"] == "bye":
                return 0
            if message["type"] == "complete":
                _answer(channel, engine, Request(channel, message))
    finally:
        engine.close()


def _answer(channel, engine, request):
    try:
        engine.before_request()
        output = engine.complete(request)
    except (BrokenPipeError, NoMessage):
        raise
    except Refused as refused:
        _log(refused)
        text = f"{refused.subject}: found {refused.found}, expected {refused.expected}"
        channel.say(type="failed", id=request.id, message=text, hints=refused.hints)
    except Exception as error:  # noqa: BLE001 - whatever it is, the gate must hear of it
        _log(error)
        channel.say(type="failed", id=request.id, message=last_line(error), hints=hints_of(error))
    else:
        channel.say(type="output", id=request.id, **output)


def _refuse(channel, refused):
    channel.say(
        type="refused",
        protocol=PROTOCOL,
        reason=refused.reason,
        subject=refused.subject,
        found=refused.found,
        expected=refused.expected,
        hints=refused.hints,
    )
    # The gate reads the refusal and then ends us; a driver that is gone before that looks like one that crashed.
    while channel.next() is not None:
        pass
    return 1


def _log(error):
    traceback.print_exception(type(error), error, error.__traceback__, file=sys.stderr)
    sys.stderr.flush()


def _parsed(line):
    try:
        return json.loads(line)
    except ValueError as error:
        raise NoMessage(f"{error} in {line[:200]!r}") from None


def _finite(number):
    return None if number is None or not math.isfinite(number) else number


def _unicode(text):
    # A lone surrogate is no character; JSON would carry it and the gate could not write it.
    return text.encode("utf-8", "replace").decode("utf-8")
