"""Telephone numbers: international, as a URI, in a national form that shows it is one, or beside a telling word."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from discreet.detectors.model import Detector
from discreet.detectors.national.shapes import LEFT, RIGHT, body

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Spans = Callable[[str, int, int], Iterator[tuple[int, int]]]

# Lengths of a number without its calling code: shortest and longest that a plan gives out (ITU-T E.164, E.129).
_LENGTHS: Final = """
1 10 10|7 10 10|20 8 10|27 9 9|30 10 10|31 9 9|32 8 9|33 9 9|34 9 9|36 8 9|39 8 11|40 9 9|41 9 9|43 7 12|44 9 10
45 8 8|46 7 10|47 8 8|48 9 9|49 7 12|51 8 9|52 10 11|53 8 8|54 10 11|55 10 11|56 9 9|57 10 10|58 10 10|60 8 10|61 9 9
62 8 12|63 8 10|64 8 10|65 8 8|66 8 9|81 9 10|82 8 10|84 9 10|86 9 11|90 10 10|91 10 10|92 9 10|93 9 9|94 9 9|95 7 10
98 10 10|211 9 9|212 9 9|213 8 9|216 8 8|218 8 9|220 7 7|221 9 9|222 8 8|223 8 8|224 8 9|225 8 10|226 8 8|227 8 8
228 8 8|229 8 10|230 7 8|231 7 9|232 8 8|233 9 9|234 8 10|235 8 8|236 8 8|237 9 9|238 7 7|239 7 7|240 9 9|241 7 8
242 9 9|243 9 9|244 9 9|245 7 9|246 7 7|248 7 7|249 9 9|250 9 9|251 9 9|252 7 9|253 8 8|254 9 9|255 9 9|256 9 9
257 8 8|258 8 9|260 9 9|261 9 9|262 9 9|263 8 10|264 8 9|265 7 9|266 8 8|267 7 8|268 8 8|269 7 7|290 5 5|291 7 7
297 7 7|298 6 6|299 6 6|350 8 8|351 9 9|352 6 11|353 8 9|354 7 9|355 8 9|356 8 8|357 8 8|358 7 11|359 8 9|370 8 8
371 8 8|372 7 8|373 8 8|374 8 8|375 9 9|376 6 9|377 8 9|378 6 10|380 9 9|381 8 9|382 8 8|383 8 9|385 8 9|386 8 8
387 8 9|389 8 8|420 9 9|421 9 9|423 7 9|500 5 5|501 7 7|502 8 8|503 8 8|504 8 8|505 8 8|506 8 8|507 7 8|508 6 6
509 8 8|590 9 9|591 8 8|592 7 7|593 8 9|594 9 9|595 9 9|596 9 9|597 6 7|598 8 8|599 7 8|670 7 8|672 6 6|673 7 7
674 7 7|675 7 8|676 5 7|677 5 7|678 5 7|679 7 7|680 7 7|681 6 6|682 5 5|683 4 7|685 5 7|686 5 8|687 6 6|688 5 7
689 6 8|690 4 7|691 7 7|692 7 7|850 8 10|852 8 8|853 8 8|855 8 9|856 8 10|870 9 9|880 8 10|881 8 9|882 8 12|883 8 12
886 8 9|960 7 7|961 7 8|962 8 9|963 8 9|964 8 10|965 8 8|966 8 9|967 7 9|968 8 8|970 8 9|971 8 9|972 8 9|973 8 8
974 8 8|975 8 8|976 8 8|977 8 10|992 9 9|993 8 8|994 9 9|995 9 9|996 9 9|998 9 9|800 8 8
"""
_NANP: Final = r"[2-9][0-8][0-9][2-9](?!11)[0-9]{6}\Z"
_EPOCH: Final = (
    r"(?:1[4-9][0-9]{8}(?:[0-9]{3}){0,3}|(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:[0-2][0-9]|3[01])[0-9]{0,6})\Z"
)
_GROUP: Final = "[0-9]+"
_EXTENSION: Final = (
    r"(?: ?[;,]? ?(?i:(?:ext(?:n|ension)?|x|durchwahl|dw|poste|ramal|int|wew|dahili|anknytning|isub)[.:=]? ?"
    r"|[#\u5185\u5206\uB0B4][\u7DDA\u7EBF\u673A\uC120]? ?)[0-9]{1,7}(?![0-9A-Za-z_]))?"
)
_UNIT: Final = (
    r"(?i) ?(?:%|(?:ms|msecs?|s|secs?|seconds?|us|ns|bytes?|b|kb|kib|mb|mib|gb|gib|px|rows?|items?|times|records?"
    r"|requests?|retries|calls|points?|usd|eur|gbp)\b)"
)
# What names some other number, directly before it.
_OTHER: Final = (
    r"(?i)(?:(?:^|[^a-z])(?:id|ids|uid|pid|tid|order|invoice|ticket|case|pr|issue|build|port|line|ts|timestamp|time|epoch"
    r"|version|ver|v|rev|serial|sku|part|isbn|issn|ref|reference|batch|job|run|item|account|acct|amount|total|size|offset"
    r"|range|block|model|tracking|parcel|blk)(?: ?(?:no|number|nr|id)\b\.?)? ?[:=#]? ?|0x"
    r"|(?:^|[^0-9a-z])(?:[0-9][0-9a-f]|[a-f][0-9]) |[#/=$\u20ac\u00a3^~*])\Z"
)
_BEFORE: Final = 24


_compiled: Final = cache(re.compile)
"""Patterns are compiled when they are first wanted."""


def _calling_codes() -> dict[str, tuple[int, int]]:
    parts = (part.split() for part in _LENGTHS.replace("\n", "|").split("|") if part)
    return {code: (int(shortest), int(longest)) for code, shortest, longest in parts}


_CODES: Final = _calling_codes()
_SHORTEST: Final = 8


def _national(digits: str) -> tuple[str, str]:
    """Gives the calling code of the digits of an international number, and the rest; nothing if there is none."""
    for length in (1, 2, 3) if len(digits) >= _SHORTEST else ():
        code, rest = digits[:length], digits[length:]
        if code in _CODES:
            shortest, longest = _CODES[code]
            fits = shortest <= len(rest) <= longest and (code != "1" or _compiled(_NANP).match(rest) is not None)
            return (code, rest) if fits else ("", "")
    return "", ""


def _one_kind(separators: list[str]) -> bool:
    """Says whether separators are of one kind, apart from parentheses, and a slash or blank behind the code."""
    plain = {kind for between in separators for kind in between if kind not in "()"}
    return len(plain - {" "}) <= 1 and (len(plain) <= 1 or separators[0].strip("()") in {" ", ""} or "/" in plain)


def _pieces(text: str, start: int, end: int) -> tuple[list[re.Match[str]], list[str]]:
    groups = list(_compiled(_GROUP).finditer(text, start, end))
    between = [text[left.end() : right.start()] for left, right in pairwise(groups)]
    return groups, between


def international(skip: int) -> Spans:
    """Gives the spans of numbers that begin with a sign or prefix, `skip` digits of which are no calling code.

    Of the groups that follow, the longest row counts that is as long as a number of that country; what stands behind
    (a date, a counter) is left. A number with a prefix has a separator behind prefix and code.
    """

    def spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
        if skip and _compiled(_OTHER).search(text[max(0, start - _BEFORE) : start]):
            return
        groups, between = _pieces(text, start, end)
        for count in range(len(groups), 0, -1):
            digits = "".join(group[0] for group in groups[:count])[skip:]
            if between[:1] and between[0].strip() == "(" and groups[1][0] == "0" and not skip:
                digits = groups[0][0] + "".join(group[0] for group in groups[2:count])
            code, _ = _national(digits)
            if not code or not _one_kind(between[: count - 1] or [""]):
                continue
            if skip and (groups[0][0][skip:] or groups[1][0]) != code:
                return
            last = groups[count - 1].end()
            stop = end if _tail(text, last, end) else last
            if not _compiled(_UNIT).match(text, stop):
                yield start, stop
                return

    return spans


def _tail(text: str, start: int, end: int) -> bool:
    """Says whether nothing stands there, or an extension and nothing else."""
    return _compiled(_EXTENSION).fullmatch(text[start:end]) is not None


def national(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yields a number of a national form, unless what stands beside it says that it counts something else."""
    if not (_compiled(_OTHER).search(text[max(0, start - _BEFORE) : start]) or _compiled(_UNIT).match(text, end)):
        yield start, end


_LANGUAGES: Final = """
phone|phones|phone number|phone no|telephone|tel|tel.|mobile number|mobile no|mobile phone|cellphone
cell phone|whatsapp|msisdn|hotline|fax|telefax|tél|téléphone|telefono|teléfono|telefone|móvil|celular
cellulare|telemóvel|fone|fono|tfno|telefon|telefoon|telefonnummer|telefoonnummer|rufnummer|handy
handynummer|mobilnummer|mobiltelefon|mobiel|mobil|natel|durchwahl|tlf|puh|puhelin|matkapuhelin|kännykkä
telefonu|komórka|telefonní|telefonszám|gsm|cep|telp|telepon|no hp|nomor hp|simu|sđt|điện thoại|τηλ
τηλέφωνο|κινητό|тел|телефон|моб|мобильный|сотовый|טלפון|נייד|هاتف|جوال|موبايل|تليفون|تلفن|فون|फ़ोन|फोन
मोबाइल|ফোন|মোবাইল|โทร|โทรศัพท์|มือถือ|電話|電話番号|携帯|电话|手机|手機|전화|휴대폰|핸드폰|연락처
"""
_STRONG: Final = tuple(_LANGUAGES.strip().replace("\n", "|").split("|"))
# Words that mean a telephone only directly before a number of its form.
_WEAK: Final = (
    "mobile",
    "mob",
    "cell",
    "call",
    "called",
    "calling",
    "dial",
    "dialed",
    "text",
    "sms",
    "contact",
)
_LONG: Final = 9
_WEAK_RUN: Final = r"(?:1?[2-9][0-9]{9}|0[1-9][0-9]{7,10})\Z"
_FILLER: Final = (
    r"(?:[ .-]{0,2}(?:no|nr|num|number|nummer|numero|número|n°)\b)?(?: ?#|番号|号码?|號碼?|번호)?(?:は|是|:)?"
    r"(?: (?:me |us |him |her |them )?(?:is|was|at|on|to))?[\s:=#.'\"(\[\uff1a-]{0,4}\Z"
)


def _word_before(words: tuple[str, ...], between: str) -> str:
    choice = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return rf"(?i)(?:^|(?<![^\W_])|(?<=[^\x00-\u036f]))(?:{choice}){between}"


_DIRECT: Final = _word_before(_STRONG, _FILLER)
_DIRECT_WEAK: Final = _word_before(_WEAK, _FILLER)
_NEAR: Final = _word_before(_STRONG, r"(?![^\W_])[^0-9\n]{0,20}\Z")
_BEHIND: Final = _word_before(_STRONG, r"(?![^\W_])")
_DATE: Final = (
    r"(?:(?:19|20)[0-9]{2}[-/. ][01]?[0-9][-/. ][0-3]?[0-9]"
    r"|[0-3]?[0-9][-/. ][01]?[0-9][-/. ](?:19|20)[0-9]{2})(?![0-9])"
)
_DOTTED_QUAD: Final = r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}\Z"
_THOUSANDS: Final = r"[1-9][0-9]{0,2}(?:[ .][0-9]{3}){2,4}\Z"


_ID: Final = r"(?i)(?:^|[^0-9A-Za-z])id[ :=]{0,2}\Z"


def _counts_else(text: str, start: int, end: int) -> bool:
    value = text[start:end]
    return bool(
        _compiled(_EPOCH).match(value)
        or _compiled(_DATE).match(value)
        or _compiled(_DOTTED_QUAD).match(value)
        or _compiled(_UNIT).match(text, end)
        or _compiled(_ID).search(text[max(0, start - 8) : start])
    )


def worded(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yields digits that a word directly before them, or near groups of them, makes a telephone number."""
    if _counts_else(text, start, end):
        return
    before = text[max(0, start - 40) : start].rpartition("\n")[2]
    if _compiled(r"[0-9A-Za-z_]\(\Z").search(before):  # a function's argument
        return
    bare = text[start:end].isdigit()
    if _compiled(_DIRECT).search(before):
        yield start, end
    elif _compiled(_DIRECT_WEAK).search(before):
        if _compiled(_WEAK_RUN).match(text[start:end]) if bare else sum(map(str.isdigit, text[start:end])) >= _LONG:
            yield start, end
    elif not bare and not _compiled(_THOUSANDS).match(text[start:end]) and not _compiled(_OTHER).search(before):
        behind = text[end : end + 20].lstrip(" (,[-").partition(" ")[0]
        if _compiled(_NEAR).search(before) or _compiled(_BEHIND).search(behind):
            yield start, end


_PLUS: Final = r"(?<![0-9A-Za-z_.+)\]@*%&^~!?$-])\+"
_DIGITS: Final = r"(?:(?:[ ./-]?\(?|\)[ ./-]?)[0-9])"
_SOURCE: Final = "ITU-T E.164, national numbering plan"
# Country, shapes in the notation of national/shapes.py, example, near-miss.
_NATIONAL: Final = (
    ("us", "(1[ .-])?[(][2-9][0-8]d[)] ?[2-9](?!11)dd[-. ]dddd", "(212) 555-0123", "f(212) 555-0123 (212) 155-0123"),
    (
        "us_hyphens",
        "((1-)?[2-9][0-8]d-[2-9](?!11)dd-dddd|(1.)?[2-9][0-8]d.[2-9](?!11)dd.dddd)",
        "212-555-0123 ext. 5",
        "order 212-555-0123 112-555-0123 212-111-0123 212.555.01234",
    ),
    ("gb", "(07ddd (d{6}|ddd ddd)|02d [3-9]ddd dddd|011d ddd dddd|01d1 ddd dddd)", "07700 900123", "07700 9001234"),
    ("gb_freephone", "0(80[08]|3[0347]d) ddd dddd", "0808 157 0123", "0808 157 01234"),
    ("ie", "08[3-9][ -]ddd[ -]dddd", "085 012 3456", "085 012 34567"),
    ("fr", "0[1-9].dd.dd.dd.dd", "01.99.00.12.34", "0.12.34.56.78 v01.99.00.12.34.5"),
    ("fr_spaced", "0[67]( dd dd dd dd|-dd-dd-dd-dd)(?![ -][0-9A-Fa-f]{2})", "06 39 98 00 12", "06 39 98 00 12 44 05"),
    ("de_mobile", "01([56]d|7d)d?[ /-]d{3,4}[ ]?d{4,5}", "0171 3920012", "0141 3920012"),
    ("de", "0[2-9]d{1,3}/d{6,8}", "030/23125012", "/030/23125012 12/030"),
    ("ch", "0(2[1-7]|3[1-4]|4[134]|5[1-68]|6[12]|7[4-9]|8[01]|91) ddd dd dd", "078 000 12 34", "078 000 12 345"),
    ("nl", "(06[ -]d{8}|0[1-57]d-d{7}|0[1-57]ddd?-d{6})", "06-00000123", "06-000001234"),
    ("be", "04[5-9]d(/dd.dd.dd| dd dd dd)", "0470 00 01 23", "0470 00 01 234"),
    ("se", "07[02369]-?d?[ -]?ddd dd dd", "070-174 06 12", "070-174 06 123"),
    ("hu", "06[ -](20|30|31|50|70)[ /-]ddd[ -]dddd", "06 20 000 0123", "06 21 000 0123"),
    ("ro", "07dd ddd ddd", "0700 000 123", "0700 000 12345"),
    ("tr", "0( [(]5dd[)] |5dd )ddd dd dd", "0500 000 01 23", "0500 000 01 234"),
    ("ru", "8 ?([(]ddd[)] ?|-ddd-| ddd )ddd-dd-dd", "8 (900) 000-01-23", "8 (900) 000-01-234"),
    ("ua", "([(]0dd[)] ?ddd-dd-dd|0[3-9]d ddd dd dd)", "(050) 000-01-23", "(050) 000-01-234"),
    ("il", "05d-(d{7}|ddd-dddd)", "050-0000123", "050-00001234"),
    ("gulf", "05d ddd dddd", "050 000 0123", "050 000 01234"),
    ("za", "0[678]d ddd dddd", "060 000 0123", "order 060 000 0123"),
    ("ng", "0[789][01]d ddd dddd", "0800 000 0123", "0800 000 01234"),
    ("pk", "03dd-d{7}", "0300-0000123", "0300-00001234"),
    ("cn", "1[3-9]d( dddd |-dddd-)dddd", "130 0000 0123", "120 0000 0123 130 0000 01234"),
    ("tw", "09dd(-ddd-| ddd )ddd", "0900-000-123", "0900-000-1234"),
    ("jp", "(0[5789]0-dddd-dddd|0[1-9]-dddd-dddd|0[1-9]d-ddd-dddd|0120-ddd-ddd)", "090-0000-0123", "090-0000-01234"),
    ("kr", "(01[016-9]-d{3,4}-dddd|02-d{3,4}-dddd|0[3-6][1-5]-d{3,4}-dddd)", "010-0000-0123", "010-0000-01234"),
    ("my", "01d-d{3,4} dddd", "012-000 0123", "012-000 01234"),
    ("id", "08dd[- ]d{3,4}[- ]d{3,4}", "0812-0000-0123", "0812-0000-01234"),
    ("ph", "09dd ddd dddd", "0900 000 0123", "0900 000 01234"),
    ("th", "0[689]d-ddd-dddd", "080-000-0123", "080-000-01234"),
    ("au", "(04dd ddd ddd|[(]0[2378][)] ?dddd ?dddd)", "0491 570 156", "0491 570 1567"),
    ("nz", "(02d ddd d{3,4}|[(]0[34679][)] ?ddd dddd)", "021 000 0123", "021 000 01234"),
    ("br", "[(][1-9][1-9][)] ?9?dddd-dddd", "(11) 90000-0123", "f(11) 90000-0123"),
    ("ar", "[(]0d{2,4}[)] ?(15-?)?d{3,4}-dddd", "(011) 0000-0123", "(011) 0000-01234"),
    ("mx", "[(]dd[)] ?dddd[- ]dddd", "(55) 0000 0123", "x(55) 0000 0123"),
    ("vn", "0[35789]d ddd dd dd", "090 000 01 23", "090 000 01 234"),
)


def _phone(name: str, pattern: str, example: str, near_miss: str, spans: Spans | None = national) -> Detector:
    return Detector(
        kind="phone",
        group="contact",
        name=f"phone_{name}",
        pattern=pattern,
        level="confidential",
        example=example,
        near_miss=near_miss,
        source=_SOURCE,
        spans=spans,
    )


PHONE_DETECTORS: Final[tuple[Detector, ...]] = (
    _phone(
        "international",
        rf"{_PLUS}[1-9]{_DIGITS}{{5,17}}{_EXTENSION}{RIGHT}",
        "reach +44 (0)20 7946 0123 or +4917100000123",
        "+0200 +05:30 @@ -1,7 +1,9 @@ 1.2.3+20251124 name+15552345678@ 1e+10 +1234 +999 123 456 789",
        international(0),
    ),
    _phone(
        "prefix",
        rf"{LEFT}00[ -]?[1-9]{_DIGITS}{{7,17}}{_EXTENSION}{RIGHT}",
        "reach 0049 30 23125012",
        "0049302312501200 004930231250 00 12 34 56 78 90",
        international(2),
    ),
    _phone(
        "prefix_nanp",
        rf"{LEFT}011[ -]?[1-9]{_DIGITS}{{7,17}}{_EXTENSION}{RIGHT}",
        "dial 011-44-20-79460123",
        "011442079460123",
        international(3),
    ),
    _phone(
        "uri",
        r"(?i)(?<![A-Za-z0-9_])(?:tel|sms|smsto|mms|callto|facetime):(?!1[4-9][0-9]{8}(?![0-9]))"
        rf"(?P<value>\+?[0-9]{_DIGITS}{{4,17}}(?:;ext=[0-9]{{1,7}})?)(?![0-9A-Za-z_])",
        "<a href='tel:+1-212-555-0123;ext=12'>",
        "hotel:2125550123 tel: none sms:1764000000",
        None,
    ),
    _phone(
        "link",
        r"(?i)(?:wa\.me/|whatsapp(?:://|\.com/)send/?\?phone=|t\.me/)\+?(?P<value>[0-9]{7,15})(?![0-9A-Za-z_])",
        "https://wa.me/4917100000123",
        "https://wa.me/qr/ABC https://wa.me/123",
        None,
    ),
    *(
        _phone(country, f"{LEFT}(?<![0-9] ){body(shape)}{_EXTENSION}{RIGHT}(?! [0-9])", example, near)
        for country, shape, example, near in _NATIONAL
    ),
    Detector(
        kind="phone",
        group="contact",
        name="phone_worded",
        pattern=rf"{LEFT}(?<!\+)(?:\([0-9]{{1,5}}\)|[0-9]){_DIGITS}{{5,14}}{_EXTENSION}{RIGHT}",
        level="confidential",
        proof="word",
        words=(*_STRONG, *_WEAK),
        spans=worded,
        example="phone 5551234567",
        near_miss="phone call took 1764000000 ms, call 2025-11-24 10:00, contact id 123456789, call 10.11.12.13",
        source=_SOURCE,
    ),
)
"""The international forms first, then the national ones, then what needs a word."""
