"""The declarative configuration, ``OTEL_CONFIG_FILE``: the SDK's part by the SDK, ours by ``distribution.discreet``."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from discreet.policy import Problem, read_declarative

if TYPE_CHECKING:
    from discreet.policy.documents import Document

_REMEDY = "Mend the file (opentelemetry-configuration, file_format 1.0); the app runs on without telemetry"


class Declared(NamedTuple):
    """A declarative file that could be read.

    Attributes:
        place: How messages name it.
        document: Ours: what stands under ``distribution.discreet``.
        model: The SDK's: opentelemetry-configuration's model of the whole file.
    """

    place: str
    document: Document
    model: Any


def load(path: str) -> Declared | Problem:
    """Read a file; give it, or what is wrong with it. No value is said."""
    place = f"OTEL_CONFIG_FILE ({os.path.basename(path)})"  # noqa: PTH119 - a name for the message
    try:
        from opentelemetry.configuration import load_config_file
    except ImportError:
        return Problem(place, "needs a package that is not installed", "pip install opentelemetry-configuration")
    try:
        model = load_config_file(path)
    except Exception as error:
        return Problem(place, _reason(error, path), _REMEDY)
    return Declared(place, read_declarative(path, os.environ), model)


def build(declared: Declared) -> Problem | None:
    """Set up providers as the file says; give what was wrong."""
    from opentelemetry.configuration import configure_sdk

    from discreet.setup.providers import keeping_security

    try:
        with keeping_security():
            configure_sdk(declared.model)
    except Exception as error:
        return Problem(declared.place, _reason(error, ""), _REMEDY)
    return None


def _reason(error: Exception, path: str) -> str:
    """Give what can be said of an error without a value: its kind, and where in the file it stands."""
    if path and not os.path.exists(path):  # noqa: PTH110
        return "names a file that does not exist"
    chain = [error]
    while (cause := chain[-1].__cause__ or chain[-1].__context__) is not None and len(chain) < 10:  # noqa: PLR2004
        chain.append(cause)  # type: ignore[arg-type]
    for link in chain:
        mark = getattr(link, "problem_mark", None)
        if mark is not None:
            return f"is not YAML at line {mark.line + 1}, column {mark.column + 1}"
        keys = getattr(link, "absolute_path", None)
        if keys is not None:
            where = ".".join(str(key) for key in keys if re.fullmatch(r"[\w/.-]{1,64}", str(key))) or "top level"
            return f"does not follow the schema at {where} ({getattr(link, 'validator', 'rule')})"
    return f"could not be used as a configuration: {_unquoting(str(error)) or type(error).__name__}"


def _unquoting(message: str) -> str:
    """Give the sentences of a message of OpenTelemetry's in which no value can stand."""
    sentences = (sentence.strip(" .") for sentence in message.split(". "))
    return ". ".join(
        sentence
        for sentence in sentences
        if not set("'\"") & set(sentence) and (":" not in sentence or sentence.startswith("Supported types:"))
    )
