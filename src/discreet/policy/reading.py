"""A file read whole, with a bound: whatever lies at the path, the app neither waits nor fills up."""

from __future__ import annotations

import os
import stat

from discreet.policy.watch import note

_KIB = 1024


class CannotReadError(ValueError):
    """Raised for a file that cannot be read; the message is the rule that it breaks."""


def read(path: str, most: int) -> bytes:
    """Give the bytes of a regular file of at most so many bytes.

    Raises:
        CannotReadError: In words that follow a name: "does not exist", "is a directory".
    """
    note(path)
    try:
        # Without O_NONBLOCK, opening a named pipe waits for a writer, for ever.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with open(descriptor, "rb") as file:  # noqa: PTH123 - a descriptor, not a path
            is_regular = stat.S_ISREG(os.fstat(descriptor).st_mode)
            content = file.read(most + 1) if is_regular else b""
    except FileNotFoundError:
        raise CannotReadError("does not exist") from None
    except IsADirectoryError:
        raise CannotReadError("is a directory") from None
    except PermissionError:
        raise CannotReadError("may not be read by this process") from None
    except (OSError, ValueError) as error:
        raise CannotReadError(f"cannot be read ({type(error).__name__})") from None
    if not is_regular:
        raise CannotReadError("is not a regular file")
    if len(content) > most:
        raise CannotReadError(f"is larger than {most // _KIB} KiB")
    return content
