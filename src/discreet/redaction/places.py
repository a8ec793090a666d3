"""Where keys stand: the ways in which key and value are written, one row each, as one pattern."""

from __future__ import annotations

import re
from typing import Final

_B = r"[\t\x0b\x0c ]"
_Q = r"\\{0,3}[\"']"
_BREAK = r"(?:\r?\n|\\r\\n|\\n)"
_START = r"(?<![\w.-])"
_NAME = r"[^\W\d][\w-]{1,39}"
_VERB = (
    r"is|was|equals|(?:(?:has been|was|is) )?(?:changed|set|reset|updated|rotated) (?:to|from)|"
    r"ist|lautet|est|es|é|è|e|jest|är|er|war|là|adalah"
)
_UNSPACED = r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
# Behind a key: closing quotes and brackets, `[8]`, `{ get; }`, `: &str`.
_CLOSING = rf"[\"'\\\]`)*]{{0,6}}(?:\[[0-9]{{0,4}}\]|{_B}?\{{[^{{}}]{{0,20}}\}})?"
_TYPE = rf"(?:{_B}?:{_B}?[&*]?(?:'static )?[A-Za-z][\w<>\[\].:]{{0,30}}(?= =))?"
_SIGN = r"(?P<sign>=>|:=|->|<-|===?|!==?|=~|[=:\uff1a])"
_NO_SETTER = r"(?!get|find|fetch|lookup|is|has|invalid|Invalid|check|validate)"

# Name of the way (the group that holds the key), and what is written up to where the value begins. Tried in this order.
WAYS: Final = {
    # --password hunter2, -token x, ['--password', 'hunter2']
    "flag": (
        rf"{_START}--?(?P<flag>[A-CE-Za-z][\w-]*|D(?![\w.-]*=)[\w-]*)"
        r"(?:[\"']?,?\s{1,4}(?:[\"'](?=-)(?!)|(?=[^\s-]|-[0-9])))"
    ),
    # ('password', 'hunter2'), [(b'authorization', b'Bearer x')]
    "pair": rf"[(\[{{,] ?b?{_Q}(?P<pair>[\w.-]+){_Q},\s{{0,4}}(?=b?{_Q})",
    # 'password' 'hunter2'
    "beside": r"(?<![\w\"'])[\"'](?P<beside>[\w.-]+)[\"'] {1,4}(?=b?[\"'])",
    # {"name": "password", "value": "hunter2"}, <input name="password" type="text" value="hunter2">
    "named": (
        rf"{_Q}?(?:name|key|header|field|param){_Q}?\s?[:=]\s?{_Q}(?P<named>[\w.-]+){_Q}"
        rf"(?:,?\s{{1,4}}(?:type|id|class)={_Q}[\w -]{{0,40}}{_Q}){{0,3}},?\s{{0,4}}"
        rf"(?:{_Q})?val(?:ue)?(?:{_Q})?\s?[:=]\s?"
    ),
    # - name: DB_PASSWORD, and its value on the next line
    "listed": r"(?:name|key): {0,4}[\"']?(?P<listed>[\w.-]+)[\"']?(?:\s|\\n){1,16}value:\s{0,4}",
    # Content-Disposition: form-data; name="password", and its value below
    "form": rf"name={_Q}(?P<form>[\w.-]+){_Q}{_BREAK}{_BREAK}",
    # <entry key="password">hunter2</entry>, <string name="password">hunter2</string>
    "entry": rf"<[A-Za-z][\w.:-]{{0,40}}\s(?:key|name)={_Q}(?P<entry>[\w.-]+){_Q}[^<>]{{0,100}}>(?=[^<\s])",
    # <name>password</name><value>hunter2</value>
    "property": r"<name>(?P<property>[\w.-]+)</name>\s{0,8}<value>(?=[^<\s])",
    # <password>hunter2</password>
    "tag": r"<(?P<tag>[\w.:-]+)(?=[\s>])",
    # | password | hunter2 |
    "cell": r"\| {0,40}(?P<cell>[\w.-]+) {0,40}\| {0,40}(?=[^\s|])",
    # パスワードはhunter2です
    "unspaced": rf"(?P<unspaced>{_UNSPACED}{{1,16}}?)(?:是|为|為|は|が|는|은) ?[\"'「]?(?=[!-~])",
    # #define PASSWORD "hunter2"
    "define": r"#define {1,4}(?P<define>\w+) {1,4}(?=[\"'])",
    # variable "db_password" { default = "hunter2" }
    "variable": (
        rf"variable {{1,2}}{_Q}(?P<variable>[\w-]+){_Q}\s{{0,4}}\{{[^{{}}]{{0,200}}?default\s{{0,4}}=\s{{0,4}}"
    ),
    # config.setPassword("hunter2")
    "call": rf"{_START}(?:[A-Za-z]\w*)?\.?(?P<call>{_NO_SETTER}[A-Za-z]\w{{2,39}})\((?=b?[\"'])",
    # updated password to hunter2
    "set": r"(?:updated|changed|set|setting|reset|rotated) (?P<set>[^\W\d][\w.-]{1,39}) to {1,2}",
    # ENV PASSWORD hunter2
    "env": rf"{_START}(?:ENV|setenv|ARG) {{1,2}}(?P<env>[A-Za-z][\w.-]{{1,39}}) {{1,2}}",
    # PASSWORD<tab>hunter2
    "tab": rf"{_START}(?P<tab>[A-Z][A-Z0-9_.-]{{1,39}})\t{{1,4}}",
    # the password for zoe is hunter2
    "is": rf"{_START}(?P<is>{_NAME})[\"'`]?(?: (?:for|of) [^\s:=]{{1,60}})? (?:{_VERB})(?: now)?:? {{1,2}}",
    # Password for zoe: hunter2
    "about": rf"{_START}(?P<about>{_NAME}) (?:for|of) [^\s:=]{{1,60}} ?[:=] {{0,2}}",
    # password: |, and its value on the next line, unless a key or a list stands there
    "yaml": (
        rf"{_START}(?P<yaml>[\w.-]+)[\"']?:{_B}{{0,8}}(?:[|>][+-]?{_B}{{0,4}})?\r?\n[ ]{{1,20}}(?![\w.-]+[\"']?:|-)"
    ),
    # {:password, "hunter2"}, {password,<<"hunter2">>}
    "atom": r"\{:?(?P<atom>[A-Za-z_]\w*),\s?(?:<<)?(?=[\"'])",
    # password=hunter2, "password": "hunter2", password => hunter2, -Dpassword=hunter2, password: String = "hunter2"
    "key": (
        rf"{_START}(?:-D(?=[\w.-]+=))?(?P<key>[\w.-]+){_CLOSING}{_TYPE}{_B}{{0,8}}{_SIGN}{_B}{{0,8}}"
        r"(?:!!\w{1,8} )?"
    ),
    # password hunter2
    "blank": rf"(?<![\w./-])(?P<blank>{_NAME})(?: {{1,4}}|\t{{1,4}})(?=[^\s\-=:|>][^\s]{{2,}})",
    # /token/9f8e7d6c
    "path": r"/(?P<path>[A-Za-z][\w-]{1,39})/(?=[^\s/?#]{6,})",
}

# A key is tried once, at its beginning, and only as far as its sign: linear.
PLACE: Final = re.compile("|".join(WAYS.values()))


def way_of(place: re.Match[str]) -> str:
    """Gives the name of the way in which a key was found."""
    return "key" if place["sign"] else place.lastgroup or "key"
