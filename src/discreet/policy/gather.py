"""All sources of a process, read and settled.

Defaults < files, each under its environment < variables < arguments; what these say, a remote may tighten.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from discreet.policy.errors import Problem
from discreet.policy.overlays import Environment, environment
from discreet.policy.resolve import settle, tightened
from discreet.policy.sources import FILE_VARIABLE, Source, of_arguments, of_environment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from discreet.policy.documents import Document
    from discreet.policy.resolve import Settled

DECLARATIVE_VARIABLE = "OTEL_CONFIG_FILE"


class Gathered(NamedTuple):
    """What all sources say together.

    Attributes:
        settings: The value of every option, as `discreet.policy.Policy.compiled` takes them.
        origins: The place of each value, "default" where no source gave it.
        problems: What was wrong with files, variables and arguments.
        environment: The environment of this process.
        refused: What is wrong with the remote's document; nothing of it counts then.
    """

    settings: dict[str, Any]
    origins: dict[str, str]
    problems: tuple[Problem, ...]
    environment: Environment
    refused: tuple[Problem, ...] = ()


def read_declarative(path: str, environ: Mapping[str, str]) -> Document:
    """Read ``distribution.discreet`` and the resource of a declarative file. Never raises."""
    return _read(path, environ, DECLARATIVE_VARIABLE)


def read_own(environ: Mapping[str, str]) -> Document | None:
    """Read the file that ``DISCREET_CONFIG`` names; None where it names none. Never raises."""
    path = environ.get(FILE_VARIABLE)
    return _read(path, environ, FILE_VARIABLE) if path else None


def _read(path: str, environ: Mapping[str, str], variable: str) -> Document:
    from discreet.policy.documents import REMEDY, Document
    from discreet.policy.files import document

    try:
        return document(path, environ, variable=variable)
    except Exception as error:  # whatever is in the file, the app starts
        return Document(problems=(Problem(variable, f"cannot be read ({type(error).__name__})", REMEDY),))


def gather(
    documents: Iterable[Document | None],
    *,
    environ: Mapping[str, str],
    arguments: Mapping[str, Any] | None = None,
    resource: Mapping[str, Any] | None = None,
    remote: Document | None = None,
) -> Gathered:
    """Settle documents, the weaker first, with variables, arguments and what a remote gave. Reads nothing.

    Args:
        documents: The declarative file, then the file of our own.
        environ: The variables.
        arguments: Options given to ``configure()``.
        resource: Resource attributes given to ``configure()``; they may name the environment.
        remote: What a remote gave; it counts as a whole or not at all.
    """
    read = tuple(document for document in documents if document is not None)
    here = environment(resource or {}, (document.resource for document in read), environ)
    found = settle((*_sources(read, here.name), of_environment(environ), of_arguments(arguments or {})))
    whole = (problem for document in read for problem in document.problems)
    found, refused = _with_remote(found, remote, here.name)
    return Gathered(found.settings, found.origins, (*whole, *found.problems), here, refused)


def _with_remote(local: Settled, remote: Document | None, name: str) -> tuple[Settled, tuple[Problem, ...]]:
    """Give what a remote makes of the local settings, or these and what is wrong with it."""
    if remote is None:
        return local, ()
    sources = tuple(_sources((remote,), name))
    given = {option: value for source in sources for option, value in source.given.items()}
    problems = (*remote.problems, *(problem for source in sources for problem in source.problems))
    found = tightened(local, Source(given, problems))
    return (local, tuple(found.problems)) if found.problems else (found._replace(problems=local.problems), ())


def _sources(documents: Iterable[Document], name: str) -> Iterator[Source]:
    for document in documents:
        yield document.options
        if name in document.overlays:
            yield document.overlays[name]


def gather_again(
    *,
    environ: Mapping[str, str],
    declarative: str | None = None,
    arguments: Mapping[str, Any] | None = None,
    resource: Mapping[str, Any] | None = None,
) -> Gathered:
    """Read the files anew and settle all sources; puts nothing in force. Never raises.

    Args:
        environ: The variables; ``DISCREET_CONFIG`` names the file of our own.
        declarative: The path of the declarative file, if one is in use.
        arguments: As for `gather`.
        resource: As for `gather`.
    """
    declared = read_declarative(declarative, environ) if declarative else None
    return gather((declared, read_own(environ)), environ=environ, arguments=arguments, resource=resource)
