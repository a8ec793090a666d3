"""A configuration file, read: of our own (``DISCREET_CONFIG``), or OpenTelemetry's declarative file.

In the declarative file, ours is what stands under ``distribution.discreet``.
"""

from __future__ import annotations

import hashlib
import os
import re
from typing import TYPE_CHECKING, Final

from discreet.policy.documents import REMEDY, Document, Reader
from discreet.policy.errors import Problem
from discreet.policy.json_nodes import json_tree
from discreet.policy.nodes import Items, Pairs, Scalar, UnreadableError, get
from discreet.policy.overlays import attributes_of
from discreet.policy.reading import CannotReadError, read
from discreet.policy.substitution import substitute
from discreet.policy.yaml_nodes import yaml_tree

if TYPE_CHECKING:
    from collections.abc import Mapping

    from discreet.policy.nodes import Node

MOST: Final = 256 * 1024
"""Most bytes of a file; PyYAML reads this in a second."""

DISTRIBUTION: Final = ("distribution", "discreet")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")  # neither YAML nor JSON has them


def document(
    path: str, environ: Mapping[str, str], *, variable: str = "", name: str = "", follow: bool = True
) -> Document:
    """Read a file, YAML unless its name ends in ``.json``. Never raises.

    Args:
        path: Where it lies.
        environ: What references stand for.
        variable: That which named the file, for messages about the whole.
        name: How messages name the file; else by the last part of its path.
        follow: Whether references are followed; else what holds one is left out.
    """
    name = name or os.path.basename(path) or path  # noqa: PTH119 - a name for messages
    place = f"{variable} ({name})" if variable else name
    try:
        content = read(path, MOST)
    except CannotReadError as error:
        problem = Problem(place, str(error), "Give the path of a file that can be read")
        return Document(problems=(problem,), readable=False)
    return document_of(
        content, Reader(name, environ, follow=follow), name, place, is_json=path.lower().endswith(".json")
    )


def document_of(content: bytes, reader: Reader, name: str, place: str = "", *, is_json: bool) -> Document:
    """Give the document of the bytes of a file. Never raises.

    Args:
        content: The bytes.
        reader: What turns their tree into options.
        name: How messages name the file.
        place: How messages name it as a whole; by its name unless given.
        is_json: Whether it is JSON, else YAML.
    """
    place = place or name
    try:
        root = _tree(content, is_json=is_json)
    except UnreadableError as error:
        where = f"{name}:{error.line}" if error.line else place
        return Document(problems=(Problem(where, error.rule, error.remedy),))
    if root is None:
        return Document(problems=(Problem(place, "is empty", REMEDY),))
    if not isinstance(root, Pairs):
        return Document(problems=(Problem(f"{name}:{root.line}", "must be a mapping of options", REMEDY),))
    if get(root, "file_format") is None:
        return reader.document(root)
    found = reader.document(get(root, *DISTRIBUTION), ".".join((*DISTRIBUTION, "")))
    if reader.foreign:
        return found
    return found._replace(resource=_resource(get(root, "resource"), reader.environ), rest=_rest(root))


def _tree(content: bytes, *, is_json: bool) -> Node | None:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UnreadableError("is not UTF-8 text", "Save it as UTF-8", line) from None
    if match := _CONTROL.search(text):
        line = text.count("\n", 0, match.start()) + 1
        raise UnreadableError("holds NUL or another control character", "Save it as plain UTF-8 text", line)
    if not text.strip():
        return None
    return json_tree(text) if is_json else yaml_tree(text)


def _resource(node: Node | None, environ: Mapping[str, str]) -> dict[str, str]:
    """Give the text attributes of a declarative file's resource; where both say one, ``attributes`` wins."""
    found = attributes_of(_followed(get(node, "attributes_list"), environ))
    rows = get(node, "attributes")
    for row in rows.nodes if isinstance(rows, Items) else ():
        found[_followed(get(row, "name"), environ)] = _followed(get(row, "value"), environ)
    return found


def _rest(root: Pairs) -> str:
    """Give a digest of all but our part, whichever lines it stands in; a digest, so that no secret is kept."""
    plain = repr(_without_lines(root, DISTRIBUTION))
    return hashlib.blake2b(plain.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _without_lines(node: Node, leaving_out: tuple[str, ...] = ()) -> object:
    if isinstance(node, Items):
        return [_without_lines(item) for item in node.nodes]
    if not isinstance(node, Pairs):
        return type(node).__name__, node[1:]
    kept = []
    for key, value in node.nodes:
        here = leaving_out[:1] == (key.value,) if isinstance(key, Scalar) else False
        if not here:
            kept.append((_without_lines(key), _without_lines(value)))
        elif len(leaving_out) > 1:
            kept.append((_without_lines(key), _without_lines(value, leaving_out[1:])))
    return kept


def _followed(node: Node | None, environ: Mapping[str, str]) -> str:
    text = node.value if isinstance(node, Scalar) else None
    return substitute(text, environ)[0] if isinstance(text, str) else ""
