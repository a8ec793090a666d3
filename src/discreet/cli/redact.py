"""`discreet redact`: standard input to standard output, line by line, without anything private."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, BinaryIO

import click

from discreet.cli.blocks import blocks
from discreet.cli.policy import policy_of_environment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from discreet.redaction import Redactor


@click.command()
@click.argument("source", type=click.File("rb"), default="-")
@click.option("--jsonl", is_flag=True, help="Read JSON Lines: keys tell what their values are.")
def redact(source: BinaryIO, *, jsonl: bool) -> None:
    """Copy SOURCE (standard input by default) to standard output, redacted.

    Text is read line by line and written at once; a private key of many lines is taken as a whole. With --jsonl each
    line is a JSON value; one that is not is redacted as text, and counted on standard error. Nothing else is changed.
    """
    redactor = policy_of_environment().redactor
    target = sys.stdout.buffer
    strange = 0

    def json_line(line: bytes) -> bytes:
        nonlocal strange
        clean = _json(line, redactor)
        strange += clean is None
        return _text(line, redactor) if clean is None else clean

    def text_block(block: bytes) -> bytes:
        return _text(block, redactor)

    if jsonl:
        _copy(source, json_line, target)
    else:
        _copy(blocks(source), text_block, target)
    if strange:
        lines = "1 line was" if strange == 1 else f"{strange} lines were"
        click.echo(f"discreet redact: {lines} not JSON with each key once, and redacted as text", err=True)


def _copy(blocks: Iterable[bytes] | Iterator[bytes], write: Callable[[bytes], bytes], target: BinaryIO) -> None:
    try:
        for block in blocks:
            target.write(write(block))
            target.flush()
    except BrokenPipeError:  # the reader has enough, such as `head`
        raise SystemExit(0) from None


def _text(block: bytes, redactor: Redactor) -> bytes:
    """Gives a text redacted, in the coding it came in; bytes that are no UTF-8 stay as they are."""
    coding = "utf-8"
    try:
        text = block.decode(coding)
    except UnicodeDecodeError:
        coding = "latin-1"
        text = block.decode(coding)
    body = text.rstrip("\r\n")
    return (redactor.text(body, set()) + text[len(body) :]).encode(coding, "replace")


def _json(line: bytes, redactor: Redactor) -> bytes | None:
    """Gives a line of JSON redacted, unchanged if nothing was found; None if it is no JSON."""
    try:
        value = json.loads(line, object_pairs_hook=_object, parse_constant=_refuse)
        clean = redactor.value(value, None, set())
        if clean == value:
            return line
        written = json.dumps(clean, ensure_ascii=False, allow_nan=False)
    except ValueError:
        return None if line.strip() else line
    except RecursionError:
        return None
    return written.encode("utf-8", "replace") + line[len(line.rstrip(b"\r\n")) :]


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Gives a JSON object. One with a key twice is refused: a mapping would forget a value, and let it pass unseen."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found


def _refuse(_: str) -> None:
    raise ValueError("not a number of JSON (RFC 8259, 6)")
