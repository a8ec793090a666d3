"""Where keys stand: the ways in which key and value are written, as what stands before a key and what behind it."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from discreet.redaction.gates import widest

_B = r"[\t\x0b\x0c ]"
_Q = r"\\{0,15}[\"']"
_BREAK = r"(?:\r?\n|\\r\\n|\\n)"
_VERB = (
    r"is|was|equals|(?:(?:has been|was|is) )?(?:changed|set|reset|updated|rotated) (?:to|from)|"
    r"ist|lautet|est|es|é|è|e|jest|är|er|war|là|adalah"
)
_UNSPACED = r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
# Behind a key: closing quotes and brackets, `[8]`, `{ get; }`, `: &str`.
_CLOSING = rf"(?:\\{{0,15}}[\"'`)\]*]){{0,6}}\\{{0,15}}(?:\[[0-9]{{0,4}}\]|{_B}?\{{[^{{}}]{{0,20}}\}})?"
_TYPE = rf"(?:{_B}?:{_B}?[&*]?(?:'static )?[A-Za-z][\w<>\[\].:]{{0,30}}(?= =))?"
_SIGN = r"(?:=>|:=|->|<-|===?|!==?|=~|[=:\uff1a])"
_BARE = r"(?<![\w.-])"


class Way(NamedTuple):
    """What is written right before a key and right behind it, up to where the value begins."""

    before: str
    after: str


def _way(after: str, before: str = "") -> Way:
    return Way(before, after)


class _Before(NamedTuple):
    """What has to stand right before a key, and in how many characters of it."""

    ends: re.Pattern[str]
    reach: int


# In the order in which they are tried.
WAYS: Final = {
    # --password hunter2, -token x, ['--password', 'hunter2']
    "flag": _way(r"[\"']?,?\s{1,4}(?:[\"'](?!-)|(?=[^\s\"'-]|-[0-9]))", r"(?<![\w.-])--?"),
    # ('password', 'hunter2'), [(b'authorization', b'Bearer x')]
    "pair": _way(rf"{_Q},\s{{0,4}}(?=b?{_Q})", rf"[(\[{{,] ?b?{_Q}"),
    # 'password' 'hunter2'
    "beside": _way(r"[\"'] {1,4}(?=b?[\"'])", r"(?<![\w\"'])[\"']"),
    # {"name": "password", "value": "hunter2"}, <input name="password" type="text" value="hunter2">
    "named": _way(
        rf"{_Q}(?:,?\s{{1,4}}(?:type|id|class)={_Q}[\w -]{{0,40}}{_Q}){{0,3}},?\s{{0,4}}"
        rf"(?:{_Q})?val(?:ue)?(?:{_Q})?\s?[:=]\s?",
        rf"(?:name|key|header|field|param)(?:{_Q})?\s?[:=]\s?{_Q}",
    ),
    # - name: DB_PASSWORD, and its value on the next line
    "listed": _way(r"[\"']?(?:\s|\\n){1,16}value:\s{0,4}", r"(?:name|key): {0,4}[\"']?"),
    # Content-Disposition: form-data; name="password", and its value below
    "form": _way(rf"{_Q}{_BREAK}{_BREAK}", rf"name={_Q}"),
    # <entry key="password">hunter2</entry>, <string name="password">hunter2</string>
    "entry": _way(rf"{_Q}[^<>]{{0,100}}>(?=[^<\s])", rf"<[A-Za-z][\w.:-]{{0,40}}\s(?:key|name)={_Q}"),
    # <name>password</name><value>hunter2</value>
    "property": _way(r"</name>\s{0,8}<value>(?=[^<\s])", r"<name>"),
    # <password>hunter2</password>
    "tag": _way(r"(?:\s[^<>]{0,400})?>(?=[^<\s])", r"<(?:[\w-]{1,40}:)?"),
    # | password | hunter2 |
    "cell": _way(r" {0,40}\| {0,40}(?=[^\s|])", r"\| {0,40}"),
    # #define PASSWORD "hunter2"
    "define": _way(r" {1,4}(?=[\"'])", r"#define {1,4}"),
    # variable "db_password" { default = "hunter2" }
    "variable": _way(rf"{_Q}\s{{0,4}}\{{[^{{}}]{{0,200}}?default\s{{0,4}}=\s{{0,4}}", rf"variable {{1,2}}{_Q}"),
    # {:password, "hunter2"}, {password,<<"hunter2">>}
    "atom": _way(r",\s?(?:<<)?(?=[\"'])", r"\{:?"),
    # config.setPassword("hunter2")
    "call": _way(r"\((?=b?[\"'])"),
    # updated password to hunter2
    "set": _way(r" to {1,2}", r"(?:updated|changed|set|setting|reset|rotated) "),
    # ENV PASSWORD hunter2
    "env": _way(r" {1,2}", rf"{_BARE}(?:ENV|setenv|ARG) {{1,2}}"),
    # PASSWORD<tab>hunter2
    "tab": _way(r"\t{1,4}"),
    # the password for zoe is hunter2
    "is": _way(rf"[\"'`]?(?: (?:for|of) [^\s:=]{{1,60}})? (?:{_VERB})(?: now)?:? {{1,2}}"),
    # Password for zoe: hunter2
    "about": _way(r" (?:for|of) [^\s:=]{1,60} ?[:=] {0,2}"),
    # password: |, and its value on the next line, unless a key or a list stands there
    "yaml": _way(rf"[\"']?:{_B}{{0,8}}(?:[|>][+-]?{_B}{{0,4}})?\r?\n[ ]{{1,20}}(?![\w.-]+[\"']?:|-)"),
    # password=hunter2, "password": "hunter2", password => hunter2, password: String = "hunter2"
    "key": _way(rf"{_CLOSING}{_TYPE}{_B}{{0,8}}{_SIGN}{_B}{{0,8}}(?:!!\w{{1,8}} )?"),
    # password hunter2
    "blank": _way(r"(?: {1,4}|\t{1,4})(?=[^\s\-=:|>][^\s]{2,})", r"(?<!/)"),
    # /token/9f8e7d6c
    "path": _way(r"/(?=[^\s/?#]{6,})", r"/"),
}

WORD: Final = re.compile(r"[\w.-]+")
# パスワードはhunter2です: in scripts without blanks the key is what stands before the verb.
UNSPACED: Final = re.compile(rf"(?P<key>{_UNSPACED}{{1,16}}?)(?:是|为|為|は|が|는|은) ?[\"'「]?(?=[!-~])")
# A call whose argument is a name, or of which the name is a question.
_NO_SETTER = re.compile(r"(?:get|find|fetch|lookup|is|has|invalid|Invalid|check|validate)[A-Z_]")


def _before(source: str) -> _Before | None:
    pattern = rf"(?:{source})\Z"
    return _Before(re.compile(pattern), widest(pattern) + 1) if source else None


_BEFORE: Final = tuple((name, _before(way.before)) for name, way in WAYS.items())
# All that may stand behind a key is tried by one call: a group for each way, that takes nothing.
_BEHIND: Final = re.compile("".join(rf"(?:(?=({way.after}))|)" for way in WAYS.values()))


def ways_at(text: str, start: int, end: int) -> list[tuple[str, int]]:
    """Gives for a key from `start` to `end` the ways in which it is written, and where the value of each begins."""
    found: list[tuple[str, int]] = []
    match = _BEHIND.match(text, end)
    for (name, before), (_, at) in zip(_BEFORE, match.regs[1:] if match else (), strict=False):
        if at < 0:
            continue
        if before is not None and before.ends.search(text, max(0, start - before.reach), start) is None:
            continue
        if name == "call" and _NO_SETTER.match(text[start:end].rpartition(".")[2]):
            continue
        if name == "tab" and not text[start:end].isupper():
            continue
        found.append((name, at))
    return found
