r"""SQL: where the literals of a statement stand, and which parts of a free text are statements.

The literals are those that the OpenTelemetry conventions for databases (`db.query.text`) want replaced by `?`: string,
numeric, date and time, boolean, interval, binary and hexadecimal ones. NULL, placeholders, identifiers and comments
stay. The dialect is not known, so both readings are taken where they differ:

- `\'` is an escaped quote (MySQL, `E'...'`) unless a statement goes on directly behind it (`ESCAPE '\' AND ...`).
- `"..."` is an identifier (SQL standard) unless it stands where a value does (MySQL, SQLite): behind a comparison,
  LIKE, BETWEEN, THEN, ELSE, PASSWORD and the like, in the list of VALUES or IN, or if it does not read as a name
  (`"zoe@example.org"`). One with a dot before or behind it is always an identifier.
- Quotes with backslashes before them (`\"`, `\\'`) are those of a statement inside a string of JSON or Python.

What is cut off runs to the end of the text.
"""

from __future__ import annotations

import re
import sys
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_GOES_ON = (
    r"\s{0,20}(?:\Z|[,;)]|(?:AND|OR|ORDER|GROUP|LIMIT|FROM|WHERE|ESCAPE|AS|THEN|ELSE|END|WHEN|RETURNING|ON|COLLATE)\b)"
)
_STRING = rf"'(?:[^'\\]+|''|\\(?='{_GOES_ON})|\\[\s\S]?)*(?:'|\Z)"
# Tokens with text in quotes, in the order in which they are tried. `twice` is a literal in SQL that is itself a literal
# (`EXEC('... a = ''Zoe''')`); `quoted` begins with a quotation mark of the level that its backslashes say.
_QUOTED = (
    (
        r"(?P<oracle>(?<![\w$])[nN]?[qQ]'(?:\[[\s\S]*?(?:\]'|\Z)|\{[\s\S]*?(?:\}'|\Z)|\([\s\S]*?(?:\)'|\Z)|<[\s\S]*?(?:>'|\Z)"
        r"|(?P<mark>[^\s\[{(<'])[\s\S]*?(?:(?P=mark)'|\Z)))"
    ),
    r"(?P<twice>''(?=[^\s,;:()'\]=<>+*/.?|&\\-])(?:[^']+|'''')*(?:''|\Z))",
    rf"(?P<string>(?:(?<![\w$])(?:[eEnNbBxX]|[uU]&))?{_STRING})",
    (
        r"(?P<quoted>(?P<quote>\\{1,15}['\"])(?:[^\\'\"]+|(?P=quote)(?P=quote)|(?!(?P=quote))(?:\\+[\s\S]?|['\"]))*"
        r"(?:(?P=quote)|\Z))"
    ),
    r"(?P<slashes>\\+)",
    r'(?P<double>"(?:[^"\\]+|""|\\[\s\S]?)*(?:"|\Z))',
    r"(?P<dollar>(?<!\w)(?P<tag>\$(?:[^\W\d]\w{0,62})?\$)[\s\S]*?(?:(?P=tag)|\Z))",
    r"(?P<comment>/\*(?!!))",
    r"(?P<line>--(?:[^\n\\]+|\\(?!n))*|\#(?=\s)[^\n]*)",
    r"(?P<name>`[^`\n]{1,128}`|\[[^\W\d][\w $\#@.-]{0,127}\])",
)
# Words that nothing in quotes follows, and points that begin no number: what most of a statement consists of.
_WORDS = r"(?!(?i:true|false)(?![\w$]))[^\W\d][\w$\#@]*(?![\w$\#@'&])|\.(?![0-9])"
_NUMBER = r"(?:0[xX][0-9A-Fa-f]+|(?:[0-9][0-9_]*(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)(?![\w$])"


@lru_cache(maxsize=1)
def _tokens() -> re.Pattern[str]:
    """Compiles the tokens of SQL, the first time that they are needed: it takes 10 ms."""
    return re.compile(
        "|".join(
            (
                rf"(?P<skip>(?:[\s,=*;<>+]+|{_WORDS})+)",
                *_QUOTED,
                r"(?P<bool>(?i:true|false)(?![\w$]))",
                r"(?P<word>[^\W\d][\w$\#@]*)",
                rf"(?P<number>{_NUMBER})",
                r"(?P<placeholder>[0-9][\w$]*|\?(?:[0-9]+(?![\w$]))?|\$[0-9]+|::?\w*|@{1,2}[\w$]+|\{\w*\})",
                r"(?P<bracket>\(+|\)+)",
            )
        )
    )


_LITERALS: Final = frozenset({"oracle", "twice", "string", "dollar"})
_NUMBERS: Final = frozenset({"number", "bool"})
_VALUE_BEFORE = re.compile(
    r"(?i)(?:[=<~]|(?<!-)(?<!->)>|\b(?:R?I?LIKE|REGEXP|GLOB|MATCH|BETWEEN|THEN|ELSE|ESCAPE|PASSWORD|DATE|TIME|TIMESTAMP"
    r"|INTERVAL|IDENTIFIED\s{1,4}BY))\s*\Z"
)
_LIST_BEFORE = re.compile(r"(?i)\b(?:VALUES?|IN|ANY|ROW)\s*\Z")
_NAME_BEFORE = re.compile(r"(?i)(?:\.|\bAS)\s*\Z")
_READS_AS_NAME = re.compile(r"[^\W\d][\w $#.()/%-]{0,127}")
_IN_COMMENT = re.compile(r"(?i)(?:[=<>(,]|\bLIKE)\s{0,4}('(?:[^'\n]|'')*(?:'|\Z|(?=\n)))")
_NEAR = 40


class _Context:
    """Remembers, while a statement is read, which parentheses list values and where BETWEEN took its first one."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lists: list[bool] = []
        self._listed = False
        self._between = -1
        self._closes = True

    def bracket(self, start: int, end: int) -> None:
        """Takes a run of opening or of closing parentheses."""
        if self._text[start] == ")":
            closed = self._lists[start - end :]
            self._listed = len(closed) == end - start and closed[0]
            del self._lists[start - end :]
            return
        before = self._text[max(0, start - _NEAR) : start].rstrip()
        last = before[-1:]
        listed = self._listed if last == "," else last.isalpha() and _LIST_BEFORE.search(before) is not None
        self._lists += [listed] + [False] * (end - start - 1)

    def comment_end(self, start: int, limit: int = sys.maxsize) -> int:
        """Gives where the comment ends that begins at `start`; behind its mark if nothing closes it."""
        stop = self._text.find("*/", start + 2, limit) if self._closes else -1
        self._closes = stop >= 0
        return stop + 2 if self._closes else start + 2

    def is_value(self, start: int, end: int, content: str) -> bool:
        """Says whether what stands in double quotes is a value; `content` is what stands between them."""
        before = self._text[max(0, start - _NEAR) : start]
        if re.match(r"\.(?![0-9])", self._text[end : end + 2]) or _NAME_BEFORE.search(before):
            return False
        if _VALUE_BEFORE.search(before):
            self._between = end if re.search(r"(?i)BETWEEN\s*\Z", before) else -1
            return True
        if self._between >= 0 and re.fullmatch(r"(?i)\s*AND\s*", self._text[self._between : start][:_NEAR]):
            return True
        listed = bool(self._lists) and self._lists[-1] and before.rstrip()[-1:] in {"(", ","}
        return listed or bool(content and _READS_AS_NAME.fullmatch(content) is None)


def _double(match: re.Match[str], context: _Context) -> bool | None:
    """Says whether a token in quotes is a literal; None if it is a lone quotation mark."""
    value = match[0]
    mark = match["quote"] or '"'
    if mark.endswith("'"):
        return True
    closed = len(value) > len(mark) and value.endswith(mark)
    content = value[len(mark) : -len(mark)] if closed else ""
    literal = context.is_value(match.start(), match.end(), content)
    return literal if literal or closed else None


def literal_spans(text: str, *, numbers: bool) -> Iterator[tuple[int, int]]:
    """Yields where the literals of a SQL text stand, in order: quotes and prefix included, the sign of a number not.

    Args:
        text: SQL, whole or cut off, also with the escapes of a JSON or Python string around it.
        numbers: Whether numbers, TRUE and FALSE are wanted too.

    Yields:
        Start and end of each literal. Replacing them by `?` gives a text without literals.
    """
    context = _Context(text)
    position = 0
    search = _tokens().search
    while match := search(text, position):
        kind = match.lastgroup or ""
        start, position = match.span()
        if kind in _LITERALS or (numbers and kind in _NUMBERS):
            yield start, position
        elif kind in {"double", "quoted"}:
            literal = _double(match, context)
            if literal:
                yield start, position
            elif literal is None:
                position = start + len(match["quote"] or '"')
        elif kind == "bracket":
            context.bracket(start, position)
        elif kind == "comment":
            position = context.comment_end(start)
        elif kind == "line":
            yield from (found.span(1) for found in _IN_COMMENT.finditer(text, start, position))


# --- Statements in free text ---

_VERBS: Final = (
    *("select", "insert", "update", "delete", "merge", "replace", "upsert", "call", "exec", "create", "alter"),
    *("grant", "set", "copy", "with", "declare", "unload", "explain"),
)
_VERB = re.compile(rf"(?i)(?:{'|'.join(_VERBS)})(?:(?<=exec)ute)?(?=\s|\\[nrt]|/\*|\()")
_BLANK = r"(?:\s|\\[nrt]|/\*[^*]{0,200}\*/)"
_PART = r"(?:\w[\w$#@-]{0,127}|\\{0,3}\"[^\"\n]{1,127}\"|`[^`\n]{1,127}`|\[[^\]\n]{1,127}\]|[?:%@#]{1,2}\w{0,64})"
_VALUE = r"(?:[NEX]?\\{0,3}'|\\{0,3}\"|-?[0-9.]{1,40}(?![\w./])|[?:@$%]|NULL\b)"
_TEST = (
    r"(?:[\w\"`\])]\s{0,8}(?:=|<>|!=|<=|>=|<|>|~)\s{0,8}(?:<value>|\w)|\bIN\s{0,8}\(|\bI?LIKE\s{1,8}<value>"
    r"|\bBETWEEN\s{1,8}<value>|\bIS\s{1,8}(?:NOT\s{1,8})?NULL\b)"
)
# The notation of the forms: a space is blanks or comments, a middle dot the same or nothing, and these words.
_NOTATION: Final = (
    ("<test>", _TEST),
    ("<value>", _VALUE),
    ("<table>", rf"(?:{_PART}(?:\.{{1,2}}{_PART}){{0,3}})"),
    (" ", f"{_BLANK}{{1,64}}"),
    ("·", f"{_BLANK}{{0,64}}"),
)
_WORD_BEGINS: Final = r"(?:\\b|(?<=\\\\[nrt]))"
_INTO = (r"\bVALUES?·\(|\bSELECT |\bSET <table>·=",)
_ACCOUNT = r"(?:OR REPLACE )?(?:USER|ROLE|LOGIN|CREDENTIAL|SECRET|STAGE|SERVER|SUBSCRIPTION|DATABASE|MASTER)\b"
_PASSWORDS = (r"\bIDENTIFIED\b|\bPASSWORD\b|\bSECRET\b|\bCREDENTIALS\b|\bCONNECTION\b|\bOPTIONS\b",)
_ARGUMENTS = r"·\(·(?:<value>|\w{1,64}·=>|\))"
# How statements look, by verb: what one begins with, then what must follow in it, in this order. Capitals are evidence
# only where they are asked for by (?-i:...): no prose writes `SELECT ... FROM` so, but for "FROM THE".
_FORMS: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "select": (
        (r"SELECT (?:<value>|[\w.]{1,128}\(·(?:<value>|\)))",),
        (r"SELECT ", r"\bFROM (?:<table>|\()", "<test>"),
        (r"SELECT (?:DISTINCT )?(?:\*|<table>\.\*|COUNT·\()", r"\bFROM "),
        (r"SELECT ", r"\bJOIN <table>", r"\bON\b"),
        (
            r"(?-i:SELECT) ",
            r"\b(?-i:FROM) (?!(?:THE|AN?|THIS|THAT|THESE|THOSE|YOUR|OUR|MY|ALL|EACH|ONE|HERE)\b)(?:<table>|\()",
        ),
    ),
    "insert": ((r"INSERT (?:\w{1,64} ){0,3}?INTO <table>", *_INTO),),
    "replace": ((r"REPLACE (?:\w{1,64} )?INTO <table>", *_INTO),),
    "upsert": ((r"UPSERT (?:INTO )?<table>", *_INTO),),
    "update": (
        (
            (
                r"UPDATE (?:(?:ONLY|IGNORE|LOW_PRIORITY|OR \w{1,64}|TOP·\(\w{1,64}\)) )?<table>(?: (?:AS )?<table>)? "
                r"SET \(?·<table>(?:·,·<table>){0,50}·\)?·="
            ),
        ),
        (r"UPDATE <table>", r"\bJOIN\b", r"\bSET <table>·="),
    ),
    "delete": (
        (r"DELETE (?:<table> )?FROM <table>", r"\b(?:WHERE|USING|ON)\b", "<test>"),
        (r"(?-i:DELETE FROM) <table>", r"\b(?-i:WHERE)\b"),
    ),
    "merge": ((r"MERGE (?:INTO )?<table>", r"\bUSING·(?:\(|<table>)", r"\bMATCHED\b|<test>"),),
    "call": ((rf"CALL <table>{_ARGUMENTS}",),),
    "exec": (
        (rf"EXEC(?:UTE)? <table>(?:{_ARGUMENTS}| (?:@\w{{1,128}}·=|N?\\{{0,3}}'))",),
        (r"EXEC(?:UTE)?·\(·N?\\{0,3}'",),
        (r"EXECUTE IMMEDIATE <value>",),
    ),
    "create": ((rf"CREATE {_ACCOUNT}", *_PASSWORDS),),
    "alter": ((rf"ALTER {_ACCOUNT}", *_PASSWORDS),),
    "grant": ((r"GRANT \w", r"\bIDENTIFIED BY\b"),),
    "set": (
        (r"SET PASSWORD\b", r"=|\bTO\b"),
        (r"SET @{1,2}[\w.]{1,128}·:?=",),
        (r"(?-i:SET) (?:(?:LOCAL|SESSION|GLOBAL) )?[\w.]{1,128}·(?:=|\bTO\b)·\\{0,3}'",),
    ),
    "copy": (
        (
            r"COPY (?:INTO )?(?:<table>|@)",
            r"\bCREDENTIALS\b|\bIAM_ROLE\b|\bACCESS_KEY_ID\b|\b(?:FROM|TO) \\{0,3}'|\bSECRET\b",
        ),
    ),
    "unload": ((r"UNLOAD·\(·\\{0,3}'",),),
    "with": (
        (
            (
                r"WITH (?:RECURSIVE )?<table>·(?:\([^()\n]{1,500}\)·)?AS·(?:(?:NOT )?MATERIALIZED·)?\("
                r"·(?:SELECT|INSERT|UPDATE|DELETE|VALUES|WITH|TABLE)\b"
            ),
        ),
    ),
    "declare": ((r"DECLARE @\w{1,128} (?:AS )?\w{1,64}·(?:\([\w,]{1,20}\))?·=",),),
    "explain": (
        (
            (
                r"EXPLAIN (?:\([^()\n]{1,200}\)·|(?:ANALY[SZ]E|VERBOSE|EXTENDED|QUERY|PLAN|FORMAT·=?·\w{1,9}) ){0,5}"
                r"(?:SELECT|INSERT|UPDATE|DELETE|MERGE|REPLACE|WITH)\b"
            ),
            r"[='*]|\bFROM\b",
        ),
    ),
}
_FREE: Final = 65_536  # characters that may be read in vain before the rest of a text counts as SQL
_WORD_SIGNS: Final = frozenset("_$@.-#")
_BREAKS: Final = frozenset({r"\n", r"\r", r"\t"})
# An opening quotation mark, behind which only blanks and parentheses stand: it encloses the statement.
_OPENING = re.compile(r"(?:\A|[\s:=(\[{,>rRbBfFuU])(?P<mark>\\{0,15}(?:\"\"\"|'''|[\"'`]))(?:\s|\(|\\[nrt])*\Z")


@lru_cache(maxsize=1)
def _ends() -> re.Pattern[str]:
    """Compiles the tokens by which the end of a statement is found."""
    return re.compile(
        "|".join(
            (
                rf"(?P<skip>(?:[ \t,=*<>+]+|{_WORDS})+)",
                *_QUOTED,
                r"(?P<open>[(\[{])",
                r"(?P<close>[)\]}])",
                r"(?P<stop>;)",
                r"(?P<break>\r?\n)",
            )
        )
    )


_NEXT_LINE = re.compile(
    r"(?i)[ \t]*(?:(?:FROM|WHERE|AND|OR|JOIN|LEFT|RIGHT|INNER|OUTER|FULL|CROSS|NATURAL|ORDER|GROUP|HAVING|LIMIT|OFFSET"
    r"|FETCH|UNION|EXCEPT|INTERSECT|MINUS|VALUES|SET|ON|USING|RETURNING|WHEN|THEN|ELSE|END|AS|SELECT|INSERT|UPDATE"
    r"|DELETE|WITH|WINDOW|FOR|INTO|OUTPUT|IDENTIFIED|CREDENTIALS|PASSWORD|DO|CASE|NOT|IN|LIKE|BETWEEN)\b"
    r"|[(),=<>]|\|\||--|/\*)"
)
_UNFINISHED = re.compile(
    r"(?i)(?:[,(=<>+*/|-]|\b(?:SELECT|DISTINCT|FROM|WHERE|AND|OR|ON|SET|VALUES|INTO|BY|AS|IN|LIKE|JOIN|UPDATE|WHEN|THEN"
    r"|ELSE|UNION|ALL|BETWEEN|RETURNING|HAVING|USING|WITH))[ \t]*\Z"
)


@lru_cache(maxsize=len(_FORMS))
def _forms(verb: str) -> tuple[tuple[re.Pattern[str], ...], ...]:
    """Compiles the forms of a verb, the first time that a text holds it."""

    def compiled(form: str) -> re.Pattern[str]:
        for sign, pattern in _NOTATION:
            form = form.replace(sign, pattern)
        return re.compile("(?i)" + re.sub(r"\\b(?=[A-Z(])", _WORD_BEGINS, form))

    return tuple(tuple(compiled(part) for part in form) for form in _FORMS[verb])


def _enclosed(text: str, start: int) -> int:
    """Gives where the quotes around a statement end, the end of the text if it has none."""
    opening = _OPENING.search(text[max(0, start - 24) : start])
    if opening is None:
        return len(text)
    mark = opening["mark"]
    position = start
    while (stop := text.find(mark, position)) >= 0:
        position = stop + len(mark)
        if text[stop - 1] == "\\":
            continue
        if text.startswith(mark, position) and len(mark) < 3:  # noqa: PLR2004 - a doubled mark stands for itself
            position += len(mark)
        elif not (mark.endswith("'") and _VALUE_BEFORE.search(text[max(start, stop - _NEAR) : stop])):
            return stop
        else:  # a literal in the same quotes, which nobody escaped
            inner = text.find(mark, position)
            position = inner + len(mark) if inner >= 0 else len(text)
    return len(text)


def _continues(text: str, begin: int, position: int) -> bool:
    """Says whether a statement goes on behind a line break."""
    return bool(_UNFINISHED.search(text[max(0, begin - _NEAR) : begin]) or _NEXT_LINE.match(text, position))


def _statement_end(text: str, start: int) -> int:
    """Gives where the statement that begins at `start` ends."""
    limit = _enclosed(text, start)
    context = _Context(text)
    search = _ends().search
    depth, position = 0, start
    while match := search(text, position, limit):
        begin, position = match.span()
        kind = match.lastgroup
        if kind == "open":
            depth += 1
        elif kind == "close":
            depth -= 1
        elif kind == "comment":
            position = context.comment_end(begin, limit)
        broken = kind == "break" and limit == len(text) and not _continues(text, begin, position)
        if depth < 0 or (not depth and (kind == "stop" or broken)):
            return begin
    return limit


def _has(text: str, parts: tuple[re.Pattern[str], ...], start: int, end: int) -> bool:
    """Says whether a text begins with the first part and the others follow in their order."""
    found = parts[0].match(text, start, end)
    for part in parts[1:]:
        if found is None:
            return False
        found = part.search(text, found.end(), end)
    return found is not None


def _begins(text: str, start: int) -> bool:
    """Says whether a word begins at `start`, also behind a line break that is written as an escape."""
    before = text[start - 1 : start]
    return not (before.isalnum() or before in _WORD_SIGNS) or text[start - 2 : start] in _BREAKS


def find_statements(text: str) -> Iterator[tuple[int, int]]:
    """Yields which parts of a text are SQL statements, in order; prose with the words of SQL is none.

    A statement ends at a semicolon, at the quotation mark or bracket that encloses it, at a line break behind which it
    does not go on, or with the text. Where much has been read in vain, all that is left counts as a statement.
    """
    lowered = text.lower()
    if not any(verb in lowered for verb in _VERBS):
        return
    position, free = 0, _FREE
    while match := _VERB.search(text, position):
        start, position = match.span()
        forms = _forms(match[0].lower().removesuffix("ute"))
        if not _begins(text, start) or not any(parts[0].match(text, start) for parts in forms):
            continue
        end = _statement_end(text, start) if free > 0 else len(text)
        if free <= 0 or any(_has(text, parts, start, end) for parts in forms):
            yield start, end
            position = max(position, end)
        else:
            free -= end - start
