"""Writes tests/errors/tracebacks/: real tracebacks of the interpreter that runs this, one file each.

    for python in python3.10 python3.11 python3.12 python3.13; do $python tests/errors/make_tracebacks.py; done

Two files for each way to fail: as the app lies in one place and as it lies in another; paths in them are made up.
"""

from __future__ import annotations

import importlib
import json
import sys
import tempfile
import traceback
from pathlib import Path

SHOP = """
import json


class OutOfStockError(Exception):
    pass


def find(sku):
    raise OutOfStockError(f"no {sku} for zoe@example.org")


def order(sku):
    return (
        find(sku)
        if sku
        else None
    )


def plain(n):
    order(f"sku-{n}")


def by_a_cause(n):
    try:
        order(n + 1)
    except OutOfStockError as error:
        raise RuntimeError(f"order {n}\\nTraceback (most recent call last):\\n  File \\"x\\", line 1, in y") from error


def in_handling(n):
    try:
        by_a_cause(n)
    except RuntimeError:
        {}[n + 1]


def recursive(n):
    return recursive(n) + 1


def mutual(n):
    return other(n)


def other(n):
    return mutual(n)


def in_a_library(n):
    json.loads("{" * (n + 1))


def in_a_comprehension(n):
    return [find(one) for one in range(n, n + 2)]


def syntax(n):
    compile("a b", "<made>", "exec")


def with_a_note(n):
    try:
        find(n)
    except OutOfStockError as error:
        if hasattr(error, "add_note"):
            error.add_note(f"order {n}")
        raise


def nested_type(n):
    class Inner(Exception):
        pass

    raise Inner


def _failed(function, *args):
    try:
        function(*args)
    except Exception as error:
        return error


def group(n):
    members = [_failed(find, n), _failed(in_a_library, n), _failed(by_a_cause, n)]
    if n:
        members.reverse()
    nested = ExceptionGroup("nested", [_failed(find, n), ValueError(n)])
    raise ExceptionGroup(f"several {n}", [*members, nested])


def group_in_a_chain(n):
    try:
        group(n)
    except Exception as error:
        raise KeyError(n) from error
"""
WAYS = (
    "plain", "by_a_cause", "in_handling", "recursive", "mutual", "in_a_library", "in_a_comprehension", "syntax",
    "with_a_note", "nested_type", "group", "group_in_a_chain",
)  # fmt: skip
CALL = """
def call(name, n):
    import shop.orders

    return getattr(shop.orders, name)(n)
"""


def _told(name: str, number: int, folder: Path, app: str, python: str) -> str:
    (folder / "shop").mkdir(exist_ok=True)
    (folder / "shop" / "__init__.py").write_text("")
    # In the second place, the code has moved by some lines.
    (folder / "shop" / "orders.py").write_text("#\n" * 7 * number + SHOP)
    (folder / "calling.py").write_text(CALL)
    sys.path.insert(0, str(folder))
    for module in ("shop", "shop.orders", "calling"):
        sys.modules.pop(module, None)
    importlib.invalidate_caches()
    limit = sys.getrecursionlimit()
    calling = importlib.import_module("calling")
    importlib.import_module("shop.orders")
    try:
        if name in {"recursive", "mutual"}:
            sys.setrecursionlimit(40 + 5 * number)
        calling.call(name, number)
    except Exception as error:
        sys.setrecursionlimit(limit)
        # From the call on: the rest is of this script.
        error.__traceback__ = error.__traceback__.tb_next if error.__traceback__ else None
        text = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    finally:
        sys.path.remove(str(folder))
    library = str(Path(json.__file__).parent.parent)
    return text.replace(str(folder), app).replace(library, python)


def main() -> None:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    home = Path(__file__).parent / "tracebacks" / version
    home.mkdir(parents=True, exist_ok=True)
    for name in WAYS:
        if name.startswith("group") and sys.version_info < (3, 11):
            continue
        for number, (app, python) in enumerate(
            (
                ("/srv/app", f"/usr/lib/python{version}"),
                ("/home/zoe/shop", f"/opt/pyenv/versions/{version}.1/lib/python{version}"),
            )
        ):
            with tempfile.TemporaryDirectory() as folder:
                text = _told(name, number, Path(folder).resolve(), app, python)
            (home / f"{name}.{number}.txt").write_text(text)


if __name__ == "__main__":
    main()
