"""National identifiers: the table, its checks, and what they leave alone."""

from __future__ import annotations

import random
import re
import time
import uuid
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from discreet.detectors.national import NATIONAL_DETECTORS
from discreet.detectors.national.checks import CHECKS
from discreet.detectors.national.shapes import pattern_of
from discreet.detectors.national.table import compact, detector_of, rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from discreet.detectors.model import Detector

WINDOW = 40
_NO_SPACES = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
ROWS = rows()
BY_NAME = {row.name: row for row in NATIONAL_DETECTORS}


def _worded(text: str, words: tuple[str, ...]) -> bool:
    choice = "|".join(
        re.escape(word) if _NO_SPACES.search(word) else rf"(?<![^\W_]){re.escape(word)}(?![^\W_])" for word in words
    )
    return re.search(choice, text, re.IGNORECASE) is not None


def found(row: Detector, text: str) -> list[str]:
    """Gives what a row finds in one line, as the engine would."""
    values = []
    for match in re.finditer(row.pattern, text):
        start, end = match.span()
        beside = text[max(0, start - WINDOW) : start] + "\n" + text[end : end + WINDOW]
        if (row.proof != "word" or _worded(beside, row.words)) and (not row.validate or row.validate(match[0])):
            values.append(match[0])
    return values


@pytest.mark.parametrize("row", NATIONAL_DETECTORS, ids=lambda row: row.name)
def test_every_row_finds_its_example_and_leaves_its_near_miss(row: Detector) -> None:
    """The example of a row is found by that row; the near-miss is found by none."""
    assert found(row, row.example)
    assert {
        other.name: found(other, row.near_miss) for other in NATIONAL_DETECTORS if found(other, row.near_miss)
    } == {}


def test_the_table_is_wide_and_its_names_are_unique() -> None:
    """Ninety rows and sixty countries are the least; every check in the table exists, and every check is used."""
    assert len(BY_NAME) == len(NATIONAL_DETECTORS) == len(ROWS) >= 90
    assert len({row["country"] for row in ROWS} - {"ZZ", "EU"}) >= 60
    assert {row["check"] for row in ROWS} - {"-"} == set(CHECKS) - {"cz_rc_plain"}


def test_a_kind_has_one_level() -> None:
    """All rows of a kind have its level and its group, so that a marker says how much it hides."""
    levels = {(row.kind, row.level) for row in NATIONAL_DETECTORS}
    groups = {(row.kind, row.group) for row in NATIONAL_DETECTORS}
    assert len(levels) == len(groups) == len({row.kind for row in NATIONAL_DETECTORS})


def test_words_are_lower_case_and_stand_only_where_they_prove() -> None:
    """Words are lower-case; rows that prove themselves have none."""
    assert all(word == word.lower().strip() and word for row in NATIONAL_DETECTORS for word in row.words)
    assert all(bool(row.words) == (row.proof == "word") for row in NATIONAL_DETECTORS)


@pytest.mark.parametrize(
    "word", ["pin", "sin", "tin", "nie", "nic", "cc", "ci", "id", "arc", "rib", "chi", "dea", "nit"]
)
def test_a_word_that_is_ordinary_wants_a_check(word: str) -> None:
    """Rows with a word that logs and prose use have a check character."""
    assert all(row.validate for row in NATIONAL_DETECTORS if word in row.words)


SAMPLES = """
ar_cuit 20055361682
ar_cbu 2850590940090418135201
at_svnr 1237010180
au_abn 83914571673
au_medicare 2123456701
au_tfn 123456782
be_nn 85073003328
bg_egn 7523169263
bg_lnch 7111042925
br_cnpj 11222333000181
br_cnpj 12ABC34501DE35
br_cpf 52998224725
ca_phn 9698658215
ca_sin 130692544
ch_ahv 7569217076985
cl_rut 123456785
cn_ric 11010519491231002X
co_nit 2131234321
cy_tic 10259033P
cz_rc 7103192745
de_health A123456780
de_idnr 36574261809
de_pension 65170839J003
ee_code 36805280109
ee_code 38703181745
es_ccc 12341234161234567890
es_cif J99216582
es_dni 12345678Z
es_dni X2482300W
fi_hetu 131052308T
fr_nir 295109912611193
fr_nif 3023217600053
gb_nhs 9434765919
gb_upn H801200001001
gb_utr 1955839661
gh_tin C0002803836
gr_afm 094259216
gr_amka 01013099997
hk_id G123456A
hu_taj 111111110
hu_tax 8071592153
ie_pps 6433435F
ie_pps 1234567T
in_voter WKH1186253
ir_melli 0499370899
is_kennitala_bare 4504013150
it_cf RCCMNL83S18D969H
it_cf RSSMRA85T10A562S
jmbg 0101006500006
jp_number 621498320257
kr_rrn 9710139019902
lu_id 1893120105732
luhn_36 27AAPFU0939F1ZV
luhn 490154203237518
luhn 00743110157
luhn 00113918205
luhn 1714307103
lv_code 16117519997
md_idnp 1008600038413
mod_11_10 33392005961
mod_11_2 0000000218250097
mx_clabe 032180000118359719
mx_curp BOXW310820HNERXN09
nl_bsn 111222333
no_fnr 15108695088
no_account 86011117947
nuss 281234567840
nz_account 010902006838900
nz_health ZZZ0016
nz_health ZBN77VL
nz_ird 49091850
pe_dni 101174102
pe_ruc 20512333797
pl_card ABA300000
pl_nip 8567346215
pl_passport ZS0000177
pl_pesel 44051401359
pt_card 000000000ZZ4
pt_nif 501964843
py_ruc 800280610
ro_cnp 1630615123457
ru_inn 500100732259
ru_snils 11223344595
se_number 8112189876
sg_nric S0000001I
sg_nric F1234567N
si_tax 50223054
sv_dui 000162975
th_pin 1234545678781
tr_tckn 17291716060
tr_vkn 4540536920
tw_id A123456789
ua_tax 1759013776
us_aba 111000025
us_dea AP5836727
us_npi 1234567893
uy_ci 12345672
ve_rif V114702834
verhoeff 234123412346
vin 1M8GDM9AXKP042788
vn_tax 0100233488
za_id 7503305044089
mrz_second L898902C36UTO7408122F1204159ZE184226B<<<<<10
mrz_card I<UTOD231458907<<<<<<<<<<<<<<<
mixed 012
"""


@pytest.mark.parametrize("line", SAMPLES.strip().splitlines())
def test_checks_take_published_samples_and_refuse_a_changed_digit(line: str) -> None:
    """A number printed as an example in public documents passes; with another digit few do."""
    name, value = line.split()
    check = CHECKS[name]
    assert check(value)
    places = [place for place, char in enumerate(value) if char.isdigit()]
    others = [
        value[:place] + digit + value[place + 1 :]
        for place in places
        for digit in "0123456789"
        if digit != value[place]
    ]
    passing = sum(map(check, others)) if name not in {"mixed", "mrz_second", "mrz_card"} else 0
    assert passing <= len(others) / 5


def test_no_check_fails_on_what_its_shape_lets_through() -> None:
    """A validator answers for every value of its row's shape, whatever its characters."""
    maker = random.Random(3)
    for row in NATIONAL_DETECTORS:
        for _ in range(30):
            value = "".join(
                maker.choice("0123456789") if char.isdigit() else char for char in compact(row.example.split()[-1])
            )
            for match in re.finditer(row.pattern, f"{row.example} {value}"):
                assert row.validate is None or row.validate(match[0]) in {True, False}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("cn_id", "\u8eab\u4efd\u8bc111010519491231002X\u7684"),
        ("cn_id", "(11010519491231002X)"),
        ("it_cf", "codice rssmra85t10a562s."),
        ("br_cpf", "cliente 529.982.247-25, pago"),
        ("br_cpf_bare", "CPF:52998224725"),
        ("us_ssn_bare", "SSN 078051120"),
        ("de_tax", "Steuer-ID: 36 574 261 809"),
        ("fr_nir_bare", "S\u00e9curit\u00e9 sociale 295109912611193"),
        ("gb_nhs", "NHS number 943 476 5919"),
        ("in_aadhaar", "Aadhaar 2341 2341 2346"),
        ("jp_number", "\u30de\u30a4\u30ca\u30f3\u30d0\u30fc\u306f621498320257\u3067\u3059"),
        ("imei", "device IMEI 49-015420-323751-8"),
        ("vin", "VIN 1M8GDM9AXKP042788"),
        ("us_aba", "routing number 111000025"),
        ("orcid", "https://orcid.org/0000-0002-1825-0097"),
        ("in_upi", "paid by zoe.example@okaxis."),
    ],
)
def test_values_are_found_as_people_write_them(name: str, text: str) -> None:
    """Lower case where a check makes up for it, punctuation, and scripts without spaces do not hide a value."""
    assert len(found(BY_NAME[name], text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "550e8400-e29b-41d4-a716-446655440000",
        "blk_-1608999687919862906",
        "v529.982.247.25",
        "passport service answered in 123456789 ns",
        "sin 123456789",
        "pin 12345678901",
        "nit: fix 123456789",
        "cell tin nic rib arc chi 1234567890",
        "x529.982.247-25",
        "1.529.982.247-25",
        "job 20251124-1234 and 251124-1230",
    ],
)
def test_what_looks_like_an_identifier_stays(text: str) -> None:
    """Parts of longer things, weak words beside plain digits, and numbers of jobs are no identifiers."""
    assert {row.name: found(row, text) for row in NATIONAL_DETECTORS if found(row, text)} == {}


def _digits(maker: random.Random, low: int, high: int) -> str:
    return "".join(maker.choices("0123456789", k=maker.randint(low, high)))


def _moment(maker: random.Random, form: str) -> str:
    return time.strftime(form, time.gmtime(maker.randrange(1_100_000_000, 1_900_000_000)))


CLEAN: dict[str, Callable[[random.Random], str]] = {
    "epoch seconds": lambda maker: str(maker.randrange(1_100_000_000, 2_000_000_000)),
    "epoch milliseconds": lambda maker: str(maker.randrange(1_100_000_000_000, 2_000_000_000_000)),
    "epoch microseconds": lambda maker: str(maker.randrange(11 * 10**14, 2 * 10**15)),
    "epoch nanoseconds": lambda maker: str(maker.randrange(11 * 10**17, 2 * 10**18)),
    "compact time": lambda maker: _moment(maker, "%Y%m%d%H%M%S"),
    "short time": lambda maker: _moment(maker, "%y%m%d %H%M%S"),
    "job": lambda maker: (
        time.strftime("%Y%m%d-", time.gmtime(maker.randrange(1_300_000_000, 1_900_000_000))) + _digits(maker, 3, 6)
    ),
    "snowflake": lambda maker: _digits(maker, 17, 20),
    "block": lambda maker: "blk_-" + _digits(maker, 18, 19),
    "uuid": lambda maker: str(uuid.UUID(int=maker.getrandbits(128))),
    "upper uuid": lambda maker: str(uuid.UUID(int=maker.getrandbits(128))).upper(),
    "hex": lambda maker: f"{maker.getrandbits(128):032x}",
    "upper hex": lambda maker: f"{maker.getrandbits(64):016X}",
    "short hash": lambda maker: f"{maker.getrandbits(32):08x}",
    "version": lambda maker: ".".join(_digits(maker, 1, 3) for _ in range(maker.randint(2, 5))),
    "address": lambda maker: ".".join(str(maker.randrange(256)) for _ in range(4)),
    "digits": lambda maker: _digits(maker, 4, 20),
    "thousands": lambda maker: maker.choice(" ,.").join(
        [_digits(maker, 1, 3), *(_digits(maker, 3, 3) for _ in range(maker.randint(1, 3)))]
    ),
    "counters": lambda maker: " ".join(_digits(maker, 1, 6) for _ in range(8)),
    "ticket": lambda maker: "".join(maker.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ", k=3)) + "-" + _digits(maker, 3, 7),
    "decimal": lambda maker: repr(maker.random() * 1000),
}


def test_clean_shapes_are_left_alone() -> None:
    """Of what logs are full of, less than one in ten thousand is taken for an identifier without a word."""
    maker = random.Random(20251124)
    shapes = [(row, re.compile(row.pattern)) for row in NATIONAL_DETECTORS if row.proof == "shape"]
    hits: Counter[str] = Counter()
    each = 1500
    for name, make in CLEAN.items():
        for _ in range(each):
            text = f"took {make(maker)} of {make(maker)} in all"
            for row, pattern in shapes:
                values = [match[0] for match in pattern.finditer(text)]
                hits[f"{name}: {row.name}"] += sum(1 for value in values if not row.validate or row.validate(value))
    hits = +hits
    assert sum(hits.values()) <= each * len(CLEAN) * 2 / 10_000, hits


def test_shapes_say_what_the_notation_says() -> None:
    """Letters stand for classes, quotes for themselves, and a separator is the same one throughout."""
    pattern = re.compile(pattern_of("ddsddsdd"))
    assert [bool(pattern.search(text)) for text in ("12-34-56", "123456", "12-34 56", "1-12-34-56")] == [
        True,
        True,
        False,
        False,
    ]
    assert re.search(pattern_of("'GHA'-d{2}A"), "GHA-12Z")
    assert not re.search(pattern_of("'GHA'-d{2}A"), "gha-12z")
    assert re.search(pattern_of("(?i)Add"), "z12")
    assert not re.search(pattern_of("dd/d"), "/12/3")


def test_the_table_is_quickly_built() -> None:
    """Making all rows takes a few milliseconds: patterns are written, not compiled."""
    best = min(_timed() for _ in range(5))
    assert best < 0.015, best


def _timed() -> float:
    begin = time.perf_counter()
    assert all(map(detector_of, rows()))
    return time.perf_counter() - begin
