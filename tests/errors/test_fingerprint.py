"""The same code that fails in the same way has one fingerprint, whoever tells of it, where and when."""

from __future__ import annotations

import re
import subprocess
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from discreet.errors import fingerprint
from discreet.errors.fingerprint import LENGTH, LONGEST
from discreet.errors.places import OWN, Roots, place_of
from discreet.guard.exceptions import fingerprint_of
from discreet.policy import current

if TYPE_CHECKING:
    from collections.abc import Callable

TOLD = sorted((Path(__file__).parent / "tracebacks").rglob("*.txt"))
ROOTS = Roots(("/home/zoe/shop/", "/srv/app/"), ())
WAYS = sorted({path.name.split(".")[0] for path in TOLD})


def _code(text: str) -> str:
    return fingerprint(text, roots=ROOTS).code


def _clean(text: str) -> str:
    return current().redactor.text(text, set())


def _of(way: str) -> list[Path]:
    return [path for path in TOLD if path.name.startswith(f"{way}.")]


def test_the_tracebacks_are_of_four_interpreters() -> None:
    """Python 3.10 to 3.13 each tell of each way to fail twice; 3.10 has no groups."""
    assert {path.parent.name for path in TOLD} == {"3.10", "3.11", "3.12", "3.13"}
    assert {way: len(_of(way)) for way in WAYS} == {way: 6 if way.startswith("group") else 8 for way in WAYS}


@pytest.mark.parametrize("way", WAYS)
def test_every_interpreter_and_every_place_tells_the_same(way: str) -> None:
    """Neither version, place of the app, line numbers, messages nor the depth of a recursion make a difference."""
    assert len({_code(path.read_text()) for path in _of(way)}) == 1


@pytest.mark.parametrize("way", WAYS)
def test_redaction_makes_no_difference(way: str) -> None:
    """The fingerprint of a traceback is that of its redacted copy."""
    for path in _of(way):
        text = path.read_text()
        assert _code(_clean(text)) == _code(text)
    assert any(_clean(path.read_text()) != path.read_text() for path in TOLD)


def test_ways_are_told_apart() -> None:
    """Other type, other frames, other causes and other members are other errors."""
    assert len({_code(_of(way)[0].read_text()) for way in WAYS}) == len(WAYS)


FRAME = '  File "/srv/app/shop/{}.py", line {}, in {}\n    work()\n'
HEAD = "Traceback (most recent call last):\n"


def test_what_counts_and_what_does_not() -> None:
    """Type, file and function count, line and message do not."""
    text = HEAD + FRAME.format("orders", 7, "order") + "shop.StockError: no item 7\n"
    same = HEAD + FRAME.format("orders", 700, "order") + "shop.StockError\n"
    assert _code(text) == _code(same)
    for other in (
        HEAD + FRAME.format("orders", 7, "refund") + "shop.StockError: no item 7\n",
        HEAD + FRAME.format("stock", 7, "order") + "shop.StockError: no item 7\n",
        HEAD + FRAME.format("orders", 7, "order") + "shop.PriceError: no item 7\n",
        HEAD
        + FRAME.format("orders", 7, "order") * 1
        + FRAME.format("stock", 7, "find")
        + "shop.StockError: no item 7\n",
    ):
        assert _code(other) != _code(text)


LIBRARIES = (
    "/srv/app/.venv/lib/python3.12/site-packages/sqlalchemy/engine/base.py",
    "/usr/lib/python3/dist-packages/requests/api.py",
    "/usr/lib/python3.11/json/decoder.py",
    r"C:\app\.venv\Lib\site-packages\requests\api.py",
    "/srv/app/discreet/guard/logs.py",
    "/srv/app/opentelemetry/sdk/trace/__init__.py",
    "<frozen importlib._bootstrap>",
)


@pytest.mark.parametrize("file", LIBRARIES)
def test_frames_of_libraries_are_left_out(file: str) -> None:
    """A newer library that calls itself differently does not change the app's errors."""
    frame = f'  File "{file}", line 3, in call\n    call()\n'
    own = FRAME.format("orders", 7, "order")
    assert _code(HEAD + own + frame + "KeyError: 1") == _code(HEAD + own + "KeyError: 1")
    assert _code(HEAD + frame + "KeyError: 1") != _code(HEAD + "KeyError: 1"), "there is nothing else to go by"


def test_an_app_that_is_installed_goes_by_the_frames_of_packages() -> None:
    """Where all is in `site-packages`, the standard library and OpenTelemetry still make no difference."""
    package = '  File "/opt/venv/lib/python3.12/site-packages/{}.py", line 3, in call\n    call()\n'
    app = package.format("shop/orders")
    told = HEAD + package.format("opentelemetry/sdk/trace/__init__") + app + "KeyError: 1"
    library = '  File "/usr/lib/python3.12/json/decoder.py", line 3, in call\n    call()\n'
    assert _code(told) == _code(HEAD + app + library + "KeyError: 1")
    assert _code(told) != _code(HEAD + package.format("requests/api") + app + "KeyError: 1")


def test_libraries_are_named_the_same_in_every_environment() -> None:
    """Where only a library's frames are left, the place of the virtual environment is no part of them."""
    codes = {
        _code(f'{HEAD}  File "{home}/site-packages/celery/app/trace.py", line 4, in trace\nKeyError: 1\n')
        for home in (
            "/srv/app/.venv/lib/python3.12",
            "/opt/venvs/shop/lib/python3.10",
            r"C:\venv\Lib".replace("\\", "/"),
        )
    }
    assert len(codes) == 1


@pytest.mark.parametrize(
    ("file", "path"),
    [
        ("/srv/app/shop/orders.py", "shop/orders.py"),
        ("/opt/releases/2026-11-24/shop/orders.py", "shop/orders.py"),
        (r"D:\work\shop\orders.py", "shop/orders.py"),
        ("./shop/orders.py", "shop/orders.py"),
        ("<ipython-input-17-5c0>", "<ipython-input--c>"),
        ("<string>", "<string>"),
    ],
)
def test_paths_are_those_of_modules(file: str, path: str) -> None:
    """What one machine alone has in its path is gone; under no root, folder and name are left."""
    assert place_of(file, ROOTS) == (path, OWN)


def test_a_root_with_something_private_in_it_is_known_redacted_too() -> None:
    """Redaction changes the path of an app that lies in a person's folder, and not its fingerprint."""
    text = '{}  File "{}/shop/orders/stock.py", line 3, in find\nKeyError: 1'
    home = "/home/zoe@example.org/app"
    roots = Roots((f"{home}/", f"{_clean(home)}/"), ())
    assert _clean(home) != home
    raw = text.format(HEAD, home)
    assert fingerprint(_clean(raw), roots=roots) == fingerprint(raw, roots=roots)._replace(
        ending=fingerprint(_clean(raw), roots=roots).ending
    )


def _raised(function: Callable[[], Any]) -> BaseException:
    with pytest.raises(Exception) as caught:
        function()
    return caught.value


def _fails() -> None:
    try:
        int("zoe@example.org")
    except ValueError as error:
        raise LookupError("card 4111111111111111") from error


def test_a_live_exception_has_the_fingerprint_of_its_text() -> None:
    """Who has the exception and who has its text, redacted or not, come to the same."""
    error = _raised(_fails)
    text = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    assert fingerprint_of(error) == fingerprint(text).code == fingerprint(_clean(text)).code
    assert re.fullmatch(r"[0-9a-f]{16}", fingerprint_of(error))


APP = """
import sys
from discreet.guard.exceptions import fingerprint_of

def order(n):
    raise LookupError(n)

try:
    order(sys.argv[1])
except LookupError as error:
    print(fingerprint_of(error))
"""


def test_it_is_the_same_wherever_the_app_lies(tmp_path: Path) -> None:
    """Two processes that run the same app from other folders, started in another one, say the same."""
    said = []
    for number, folder in enumerate((tmp_path / "srv" / "app", tmp_path / "somewhere else")):
        (folder / "shop").mkdir(parents=True)
        (folder / "shop" / "__init__.py").touch()
        (folder / "shop" / "main.py").write_text("#\n" * number + APP)
        module = [sys.executable, "-m", "shop.main", str(number)]
        script = [sys.executable, str(folder / "shop" / "main.py"), str(number)]
        env = {"PYTHONPATH": str(folder), "PATH": ""}
        said.append(subprocess.run(module, cwd=folder, env=env, capture_output=True, text=True, check=True).stdout)
        said.append(subprocess.run(module, cwd=tmp_path, env=env, capture_output=True, text=True, check=True).stdout)
        del env["PYTHONPATH"]
        done = subprocess.run(script, cwd=tmp_path, env=env, capture_output=True, text=True, check=True)
        assert len(done.stdout) == LENGTH + 1
    assert len(set(said)) == 1


@pytest.mark.parametrize(
    "text", ["", "\n", "no traceback", HEAD, "  + Exception Group Traceback", "+-+" * 9, "  | " * 9]
)
def test_anything_may_be_given(text: str) -> None:
    """What is no traceback has the fingerprint of its type, and nothing raises."""
    assert fingerprint(text, "shop.StockError").code == fingerprint("", "shop.StockError").code


def test_the_type_is_that_of_the_text_or_the_one_that_is_said() -> None:
    """Instrumentations write the type with and without its module; the traceback has it in one way."""
    text = HEAD + FRAME.format("orders", 7, "order") + "shop.StockError: no item 7\n"
    assert fingerprint(text, "StockError")[:2] == fingerprint(text, "shop.StockError")[:2]
    assert fingerprint(text, "StockError").type == "shop.StockError"
    assert fingerprint("", "builtins.KeyError").type == fingerprint("", "__main__.KeyError").type == "KeyError"


def test_it_reads_the_end_of_a_text_that_is_too_long() -> None:
    """The end is where the exception is that was raised last; time is linear in what is read."""
    end = FRAME.format("orders", 7, "order") + "KeyError: 1\n"
    filler = FRAME.format("other", 1, "other") * (LONGEST // 20)
    same = HEAD + FRAME.format("other", 1, "other") + end
    assert _code(HEAD + filler + end) == _code(same)
    deep = "\n".join("  " * depth + "+-+---------------- 1 ----------------" for depth in range(300))
    assert fingerprint("  + Exception Group Traceback (most recent call last):\n" + deep, "X").type == "X"


def test_no_detector_takes_a_fingerprint_for_something_private() -> None:
    """It stays as it is on its way through the redactor, as an attribute of a record and of a metric."""
    for number in range(3000):
        code = fingerprint("", f"Error{number}").code
        assert current().redactor.attributes({"discreet.error.fingerprint": code}, set()) == {
            "discreet.error.fingerprint": code
        }
        assert _clean(code) == code
