"""What the guide to detection says is what the code does, and what it has to say is there."""

from __future__ import annotations

import ast
import doctest
import json
import os
import re
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from click.testing import CliRunner

import discreet
from discreet.cli import main
from discreet.detectors import custom, groups, kinds_of, linear
from discreet.policy import OPTIONS, known_detectors, resolve
from discreet.redaction import ACTIONS, MARKER, Actions, PseudonymKey, Redactor
from tests.docs.consoles import ROOT, fenced, page, printed

EXAMPLE = ROOT / "docs" / "examples" / "detection"
GUIDE = page("detection.md")
KEY = PseudonymKey.checked("k1", b"0123456789abcdef")
LANGUAGES = {
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "hi": "Hindi",
    "it": "Italian",
    "ja": "Japanese",
    "nl": "Dutch",
    "pl": "Polish",
    "pt": "Portuguese",
    "sv": "Swedish",
    "tr": "Turkish",
    "zh": "Chinese",
}
A_FEW = {"ar": "Arabic", "el": "Greek", "ko": "Korean", "ru": "Russian", "vi": "Vietnamese"}
REDACTOR = Redactor()


def tables(header: str) -> list[list[str]]:
    """Give the rows of every table with this header, as cells."""
    columns = [name.strip() for name in header.split("|")]
    rows: list[list[str]] = []
    inside = False
    for line in GUIDE.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else []
        inside = cells == columns or (inside and bool(cells))
        if inside and cells != columns and not set(line) <= set("|-"):
            assert len(cells) == len(columns), line
            rows.append(cells)
    assert rows, header
    return rows


def code(cell: str) -> str:
    """Give the first piece of code in a cell."""
    (piece, *_) = re.findall(r"`([^`]+)`", cell)
    return str(piece)


def clean(text: str) -> str:
    """Give a text as it leaves."""
    return REDACTOR.text(text, set())


@pytest.mark.parametrize("row", tables("before | after"), ids=lambda row: row[0])
def test_a_text_leaves_as_the_guide_says(row: list[str]) -> None:
    """Each text before becomes the text behind it."""
    assert clean(code(row[0])) == code(row[1])


@pytest.mark.parametrize("row", tables("key | value | leaves as"), ids=lambda row: f"{row[0]} {row[1]}")
def test_a_value_under_a_key_leaves_as_the_guide_says(row: list[str]) -> None:
    """Each value under its key becomes what the guide says, in code and within a record."""
    key, value, expected = code(row[0]), json.loads(code(row[1])), json.loads(code(row[2]))
    assert discreet.redact(value, key) == expected
    assert REDACTOR.attributes({key: value}, set()) == {key: expected}


@pytest.mark.parametrize("row", [*tables("stays | because"), *tables("not found | because")], ids=lambda row: row[0])
def test_what_stays_and_what_is_not_found_is_left(row: list[str]) -> None:
    """What is kept on purpose, and what cannot be found, leaves as it was."""
    assert clean(code(row[0])) == code(row[0])


def test_what_the_reasons_say_goes_or_stays() -> None:
    """The examples in the reasons and in running text are true as well."""
    for text in ("applicant 345678901", "hasło=", "tokenizer=x"):
        assert clean(text) == text
    for text in (
        "first_name=Zoe",
        'password is "dragon"',
        "password=dragon",
        "password: dragon",
        "account_number=12345678",
        "JSESSIONID=31d4d96e407aad42",
        "hasło=abc123",
        "haslo=abc123",
        *(f"{key}=9f8e7d6c" for key in ("apiKey", "API_KEY", "x-api-key", "api.key")),
    ):
        assert MARKER.search(clean(text)), text
    assert REDACTOR.attributes({"session_id": "31d4d96e407aad42"}, set()) == {"session_id": "[REDACTED:session]"}
    assert REDACTOR.attributes({"db.query.text": "SELECT 1 WHERE a = TRUE"}, set()) == {
        "db.query.text": "SELECT ? WHERE a = ?"
    }
    assert REDACTOR.attributes({"db.query.parameter.x": "a"}, set()) != {"db.query.parameter.x": "a"}
    assert REDACTOR.value(b"zoe@example.org", None, set()) == b"[REDACTED:email]"
    assert REDACTOR.value(b"\xff zoe@example.org", None, set()) == b"[REDACTED:bytes]"


def test_every_group_is_explained_by_an_example_of_its_own() -> None:
    """The table of groups has all of them, and each example finds a kind of its group only."""
    rows = tables("group | what | before | after")
    assert {code(row[0]) for row in rows} == set(groups(known_detectors()))
    for group, _, before, after in rows:
        found: set[str] = set()
        assert REDACTOR.text(code(before), found) == code(after)
        assert found & set(kinds_of(code(group), known_detectors()))
    assert abs(len(known_detectors()) - 800) < 25


def test_every_language_is_named() -> None:
    """The languages of the keys are those of the table; thirteen have more than a few."""
    lines = (ROOT / "src/discreet/detectors/data/keys.tsv").read_text(encoding="utf-8").splitlines()[1:]
    counted: dict[str, int] = {}
    for line in lines:
        language = line.split("\t")[1]
        counted[language] = counted.get(language, 0) + 1
    assert {language for language, count in counted.items() if count > 10} == set(LANGUAGES)
    assert set(counted) == {*LANGUAGES, *A_FEW}
    assert all(name in GUIDE for name in {**LANGUAGES, **A_FEW}.values())


def test_every_action_does_what_the_guide_says() -> None:
    """Each action is there, with an example that is true."""
    rows = tables("action | what stands there | before | after")
    assert {code(row[0]) for row in rows} == set(ACTIONS)
    for action, _, before, after in rows:
        actions = Actions(dict.fromkeys(("email", "card", "ip_address"), code(action)), KEY)
        pattern = re.escape(code(after)).replace("…", "[a-p]{24}")
        assert re.fullmatch(pattern, Redactor(actions=actions).text(code(before), set()))
    drop = Redactor(actions=Actions({"email": "drop"}))
    mails = {"to": "zoe@example.org", "cc": ["zoe@example.org"], "n": 1}
    assert drop.attributes(mails, set()) == {"cc": ["[REDACTED:email]"], "n": 1}
    short = Redactor(actions=Actions({"birth_date": "truncate", "location": "truncate"}))
    assert short.text("dob=1990-05-12 lat=48.13743", set()) == "dob=1990 lat=48.1"


def test_pseudonyms_and_their_rotation(tmp_path: Path) -> None:
    """Spellings give one token; the last line of the file counts; the id of the key is in the token."""
    path = tmp_path / "keys"
    tokens: list[str] = []
    for line in ("k1:MDEyMzQ1Njc4OWFiY2RlZg==\n", "k2:ZmVkY2JhOTg3NjU0MzIxMA==\n"):
        with path.open("a") as file:
            file.write(line)
        settings, problems = resolve(
            arguments={"actions": {"email": "pseudonymize"}, "pseudonym_key": f"file:{path}"},
        )
        assert problems == []
        redactor = Redactor(actions=Actions(settings["actions"], settings["pseudonym_key"]))
        said = {redactor.text(text, set()) for text in ("zoe@example.org", "ZOE@Example.org", "zoe%40example.org")}
        tokens += said
    assert [token.split(":")[2] for token in tokens] == ["k1", "k2"]


@pytest.mark.parametrize("block", fenced(GUIDE, "console"), ids=lambda block: block.splitlines()[0])
def test_a_command_prints_what_the_guide_says(block: str) -> None:
    """The commands of each block, run by a shell, print what stands behind them."""
    given, said = printed(block, ROOT)
    assert given == said


def test_the_session_in_python_is_true() -> None:
    """What the interpreter is told answers as the guide says."""
    for block in fenced(GUIDE, "pycon"):
        test = doctest.DocTestParser().get_doctest(block, {}, "detection.md", None, 0)
        assert doctest.DocTestRunner().run(test).failed == 0


def test_the_declarative_file_is_right(tmp_path: Path) -> None:
    """The file's settings are taken without a problem."""
    (block,) = fenced(GUIDE, "yaml")
    settings: dict[str, Any] = yaml.safe_load(block)["distribution"]["discreet"]
    path = tmp_path / "keys"
    path.write_text("k1:MDEyMzQ1Njc4OWFiY2RlZg==\n")
    assert settings["pseudonym_key"].startswith("file:/")
    taken, problems = resolve(file={**settings, "pseudonym_key": f"file:{path}"})
    assert problems == []
    assert [row.kind for row in taken["patterns"]] == ["staff_id"]


def test_the_entry_point_leads_to_the_example() -> None:
    """The snippet names the group that is read, and the module beside it brings detectors that count."""
    (block,) = fenced(GUIDE, "toml")
    assert f'[project.entry-points."{custom.ENTRY_POINTS}"]' in block
    assert 'staff = "staff:DETECTORS"' in block
    for row in runpy.run_path(str(EXAMPLE / "staff.py"))["DETECTORS"]:
        custom._try(row)


@pytest.mark.parametrize("row", tables("refused | the message says"), ids=lambda row: row[0])
def test_patterns_are_refused_for_the_reason_given(row: list[str]) -> None:
    """Each pattern is refused, and the message says why."""
    with pytest.raises(linear.NotLinear, match=re.escape(row[1])):
        linear.check(code(row[0]))


def test_every_option_and_command_is_there() -> None:
    """Variables that the guide names exist, those of detection are all named; so are commands and their options."""
    variables = {option.variable for option in OPTIONS}
    named = set(re.findall(r"DISCREET_[A-Z_]+", GUIDE))
    assert named <= variables
    assert named >= {
        f"DISCREET_{name}" for name in ("DETECTORS", "PATTERNS", "ACTIONS", "PSEUDONYM_KEY", "GENAI_CONTENT")
    }
    for text in re.findall(r"discreet ((?:redact|explain|detectors)\b[^`|\n]*)", GUIDE):
        command = main.commands[text.split()[0]]
        known = {name for parameter in command.params for name in parameter.opts}
        assert set(re.findall(r"(?<![\w-])--[a-z]+", text)) <= known, text
    commands = {code(row[0]).split()[1] for row in tables("command | does")}
    assert commands == {"redact", "explain", "detectors"}
    rows = "".join(map(str, tables("command | does"))) + GUIDE
    for command in map(main.commands.__getitem__, commands):
        options = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
        assert all(option.opts[0] in rows for option in options)


def test_bounds_are_those_of_the_redactor() -> None:
    """The numbers of the guide are the redactor's, and what is beyond is withheld under the names given."""
    for number in (REDACTOR.max_text, REDACTOR.max_items):
        assert f"{number:,}" in GUIDE
    assert f"deeper than {REDACTOR.max_depth}" in GUIDE
    deep: list[Any] = []
    for _ in range(REDACTOR.max_depth):
        deep = [deep]
    ring: list[Any] = []
    ring.append(ring)
    for value, reason in (
        ("word " * 60_000, "length"),
        (deep, "depth"),
        (list(range(REDACTOR.max_items + 1)), "items"),
        (ring, "cycle"),
    ):
        assert f"[WITHHELD:{reason}]" in str(REDACTOR.value(value, None, set()))
        assert f"`[WITHHELD:{reason}]`" in GUIDE


def test_prompts_are_withheld_whole_on_demand() -> None:
    """Content goes, counts stay."""
    record = {"gen_ai.input.messages": "Zoe is ill", "gen_ai.usage.input_tokens": 3, "gen_ai.request.model": "m"}
    left = {**record, "gen_ai.input.messages": "[WITHHELD:content]"}
    assert Redactor(genai_content="withhold").attributes(record, set()) == left
    assert REDACTOR.attributes(record, set()) == record


def test_all_eighteen_identifiers_of_hipaa_are_there() -> None:
    """The letters A to R, each with kinds that exist, a true example, and examples of what is left that are true."""
    rows = tables("| identifier | kinds | before | after | not covered")
    assert [row[0] for row in rows] == list("ABCDEFGHIJKLMNOPQR")
    known = {row.kind for row in known_detectors()}
    for _, _, kinds, before, after, left in rows:
        named = set(re.findall(r"`(\w+)`", kinds))
        assert named <= known
        found: set[str] = set()
        assert REDACTOR.text(code(before), found) == code(after)
        assert found
        assert found <= named
        for text in re.findall(r"`([^`]+)`", left):
            assert clean(text) == text


def test_the_measurement_can_be_repeated() -> None:
    """The command of the section on quality exists, with its option."""
    program, option = re.findall(r"`python (\S+) (--\S+) \d+`", GUIDE)[0]
    assert option in (ROOT / program).read_text(encoding="utf-8")


def test_the_reference_is_not_stale() -> None:
    """docs/detectors.md is what `discreet detectors --markdown` prints."""
    shown = CliRunner().invoke(main, ["detectors", "--markdown"]).output
    stale = "run `discreet detectors --markdown > docs/detectors.md`"
    assert (ROOT / "docs" / "detectors.md").read_text(encoding="utf-8") == shown, stale


def scrubbed(*arguments: str, **variables: str) -> str:
    """Run the example as its docstring says, and give what it prints."""
    command = [sys.executable, str(EXAMPLE / "scrub.py"), *arguments]
    environment = {**os.environ, **variables}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=True).stdout


def test_the_example_scrubs_its_log() -> None:
    """One person has one token in every spelling, another one another; the rest is gone, and the reasons are said."""
    shown = scrubbed(DISCREET_PSEUDONYM_KEY="k1:MDEyMzQ1Njc4OWFiY2RlZg==")
    tokens = re.findall(r"\[PSEUDONYM:email:k1:([a-p]{24})\]", shown)
    assert len(tokens) == 4
    assert len(set(tokens[:3])) == 1
    assert tokens[3] != tokens[0]
    for private in ("@example.org", "%40", "345-67-8901", "Tr0ub4dor", "4111 1111", "555-0142", "8.8.8.8", "STF-10449"):
        assert private not in shown
    for kept in (
        "by [REDACTED:staff_id]",
        "template STF-10441",
        "from 8.8.8.0",
        "card ****1111",
        "order 4111111111111112",
    ):
        assert kept in shown
    assert "card redacted: ISO/IEC 7812-1" in shown
    assert "card left: left by the rule" in shown


def test_the_example_makes_a_key_of_its_own(tmp_path: Path) -> None:
    """Without a key in the environment each run has other tokens; another log may be named."""
    log = tmp_path / "other.log"
    log.write_text("2026-11-24 08:01:12 INFO  mail zoe@example.org\n")
    assert scrubbed(str(log)) != scrubbed(str(log))


def test_the_example_holds_only_values_that_belong_to_nobody() -> None:
    """Addresses end in reserved domains, and the telephone number is a fictitious one."""
    log = (EXAMPLE / "visits.log").read_text(encoding="utf-8")
    assert set(re.findall(r"(?:@|%40)([\w.]+)", log)) == {"example.org"}
    assert re.findall(r"\+1[\d-]+", log) == ["+1-212-555-0142"]
    assert ast.parse((EXAMPLE / "scrub.py").read_text(encoding="utf-8"))
