"""What stands behind a telling key and is no value: code, the rest of a sentence, names of things."""

from __future__ import annotations

import re
from typing import Final

from discreet.detectors.validators import prose

# Expressions: `os.environ[`, `self.token`, `await getToken()`, `hash_password(password)`, `Token{c5510550`.
_OBJECTS = (
    "self|this|settings|config|conf|cfg|os|env|process|request|req|ctx|context|app|args|opts|options|params|props|"
    "secrets|var|vars|data|local|locals|module|std|inputs|values|steps|github|credentials|form|event|state|flask|django|"
    "System|Environment|Config"
)
_EXPRESSION = re.compile(
    rf"(?:{_OBJECTS})(?:\.|->|\?\.|::)[A-Za-z_]|[A-Za-z_.]+[(\[{{<][^0-9]*\Z|"
    r"(?:await|new|getenv|lambda|func|function|async|yield|return)\Z|[A-Z][A-Za-z]+\{"
)
_BRACKETS: Final = frozenset("([{<")
_NAME = re.compile(r"[A-Za-z_$][A-Za-z_.]*")
_REFERENCE = re.compile(r"[a-z_][A-Za-z_]*(?:\.[A-Za-z_]+)+")
_RANDOM: Final = frozenset({"secret", "token", "api_key", "private_key", "session"})
_RESULTS: Final = frozenset({"PASS", "Pass"})  # of a test: `--- PASS: TestLogin`
_DIRECTORIES: Final = frozenset({"PWD", "pwd"})
_DIRECTORY = re.compile(r"(?:~|/|C:\\)[\w./\\-]*(?=[\s;,\"')]|$)")
_ARN = re.compile(r"arn:[\w:/-]*\Z")
_ARN_REACH: Final = 120
# Accounts of systems, which no person is.
_ACCOUNTS: Final = frozenset(
    [
        "root",
        "admin",
        "administrator",
        "nobody",
        "daemon",
        "system",
        "www-data",
        "nginx",
        "apache",
        "postgres",
        "mysql",
        "redis",
        "zookeeper",
        "hadoop",
        "hdfs",
        "yarn",
        "spark",
        "kafka",
        "git",
        "jenkins",
        "ubuntu",
        "debian",
        "ec2-user",
        "app",
        "guest",
        "service",
        "anonymous",
    ]
)


def is_no_key(text: str, start: int, end: int, at: int) -> bool:
    """Says whether a key with a value at `at` is none: a test's result, the working directory, a part of an ARN."""
    key = text[start:end]
    if key in _RESULTS and text.startswith(": ", at - 2):
        return True
    if key in _DIRECTORIES and _DIRECTORY.match(text, at):
        return True
    return _ARN.search(text, max(0, start - _ARN_REACH), start) is not None


def is_no_value(text: str, match: re.Match[str], at: int, kind: str) -> bool:
    """Says whether what stands at `at` behind a key of a kind is no value of it."""
    value = match["value"]
    if kind == "name" and value in _ACCOUNTS:
        return True
    if match.start("value") != at:  # in quotes
        return False
    if _is_code(text, match) or (kind in _RANDOM | {"authorization"} and _REFERENCE.fullmatch(value)):
        return True
    return text.startswith((": ", ":\t"), at - 2) and _is_word(kind, value)


def _is_code(text: str, match: re.Match[str]) -> bool:
    """Says whether what stands bare behind a key is an expression: a call, an index, a comparison, a known object."""
    value = match["value"]
    if value.startswith('["') and " " in value and not any(map(str.isdigit, value)):
        return True  # messages about a field: `"password": ["may not be blank"]`
    if _EXPRESSION.match(value) or (text[match.end() : match.end() + 1] in _BRACKETS and _NAME.fullmatch(value)):
        return True
    compared = text[max(0, match.start() - 4) : match.start()].rstrip().endswith(("==", "!="))
    return compared and (value.isdigit() or _NAME.fullmatch(value) is not None)


def _is_word(kind: str, value: str) -> bool:
    """Says whether what stands behind `key: ` goes on a sentence; of secrets that are random, any plain word does."""
    return prose(value) or (kind in _RANDOM and value.isalpha() and value[1:].islower())
