"""Checks that no row of weights says: each takes the compact value, and its docstring names the rule."""

from __future__ import annotations

from typing import Final

from discreet.detectors import validators
from discreet.detectors.national.algorithms import BASE36, mixed, mod_11_10, sevens, weighted_sum

__all__ = [
    "au_abn",
    "be_nn",
    "br_cnh",
    "br_cnpj",
    "br_voter",
    "ch_ahv",
    "cl_rut",
    "cy_tic",
    "cz_rc",
    "de_document",
    "de_health",
    "de_idnr",
    "de_pension",
    "es_ccc",
    "es_cif",
    "es_dni",
    "fi_hetu",
    "fr_nir",
    "gb_upn",
    "hk_id",
    "ie_pps",
    "it_cf",
    "mrz_name",
    "mrz_second",
    "mx_curp",
    "nz_account",
    "nz_health",
    "nz_ird",
    "pt_card",
    "py_ruc",
    "ru_snils",
    "sg_nric",
    "tr_tckn",
    "tr_vkn",
    "tw_id",
    "us_aba",
    "us_dea",
    "us_npi",
    "ve_rif",
    "vin",
]

_TEN_IS_0: Final = "01234567890"
_DNI: Final = "TRWAGMYFPDXBNJZSQVHLCKE"
_ITALIAN_ODD: Final = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)
_SINGAPORE: Final = {"S": "JZIHGFEDCBA", "F": "XWUTRQPNMLK", "M": "XWUTRQPNJLK"}
_VIN: Final = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", "12345678123457923456789", strict=True))
_VIN_WEIGHTS: Final = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_TAIWAN: Final = "ABCDEFGHJKLMNPQRSTUVXYWZIO"  # 10, 11, ...
_HEALTH_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_PUPIL: Final = "ABCDEFGHJKLMNPQRTUVWXYZ"
_CURP: Final = "0123456789ABCDEFGHIJKLMN\u00d1OPQRSTUVWXYZ"
_NZ_BANKS: Final = frozenset(f"{bank:02}" for bank in (1, 2, 3, 6, *range(10, 25), 27, 30, 35, 38))


def _digit_sum(number: int) -> int:
    return number // 10 + number % 10


def _from_right(value: str, top: int) -> int:
    """Gives the sum of the digits before the last with weights 2, 3, ... `top`, 2, ... from the right."""
    return sum(int(char) * (2 + place % (top - 1)) for place, char in enumerate(reversed(value[:-1])))


def au_abn(value: str) -> bool:
    """Says whether an Australian business number divides by 89 once its first digit is less one (ABR)."""
    weights = (10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19)
    return (weighted_sum(value, weights) - 10) % 89 == 0


def be_nn(value: str) -> bool:
    """Says whether a Belgian number ends in 97 less its first nine digits mod 97; a 2 in front from 2000 on."""
    check = int(value[9:])
    return check in {97 - int(value[:9]) % 97, 97 - int("2" + value[:9]) % 97}


def br_cnh(value: str) -> bool:
    """Says whether a Brazilian driving licence ends in its two digits, mod 11 (Denatran)."""
    first = weighted_sum(value, tuple(range(9, 0, -1))) % 11
    second = weighted_sum(value, tuple(range(1, 10))) % 11
    less = 2 if first > 9 else 0  # noqa: PLR2004
    second = 0 if second > 9 else (second - less) % 11  # noqa: PLR2004
    return mixed(value) and value[9:] == f"{first % 11 % 10}{second % 10}"


def br_cnpj(value: str) -> bool:
    """Says whether a Brazilian company number ends in its two digits; a letter counts its code less 48 (IN 2229)."""
    for length in (12, 13):
        total = sum((ord(char) - 48) * (2 + place % 8) for place, char in enumerate(reversed(value[:length])))
        if value[length] != _TEN_IS_0[-total % 11]:
            return False
    return mixed(value)


def br_voter(value: str) -> bool:
    """Says whether a Brazilian voter title has a state of 01 to 28 and its two digits, mod 11 (TSE)."""
    state = value[8:10]
    first = weighted_sum(value, (2, 3, 4, 5, 6, 7, 8, 9)) % 11 % 10
    second = weighted_sum(state + str(first), (7, 8, 9)) % 11 % 10
    return "01" <= state <= "28" and value[10:] == f"{first}{second}"


def ch_ahv(value: str) -> bool:
    """Says whether 13 digits end in the check digit of an EAN-13 (GS1)."""
    return weighted_sum(value, (1, 3) * 6 + (1,)) % 10 == 0


def cl_rut(value: str) -> bool:
    """Says whether a Chilean number ends in its character, mod 11 with weights 2 to 7 from the right."""
    return value[:-1].isdigit() and value[-1] == "0123456789K"[-_from_right(value, 7) % 11]


def cy_tic(value: str) -> bool:
    """Says whether a Cypriot number ends in its letter: every other digit by a table, mod 26."""
    odd = sum(_ITALIAN_ODD[int(char)] for char in value[:8:2])
    return value[8] == BASE36[10 + (odd + sum(int(char) for char in value[1:8:2])) % 26]


def cz_rc(value: str) -> bool:
    """Says whether a Czech or Slovak birth number divides by 11; until 1985 a remainder of 10 was written 0."""
    return int(value) % 11 == 0 or (int(value[:9]) % 11 == 10 and value[9] == "0")  # noqa: PLR2004


def de_idnr(value: str) -> bool:
    """Says whether a German tax id repeats one digit of its first ten, two or three times, and ends in its check."""
    counts = sorted(value[:10].count(char) for char in set(value[:10]))
    return counts[-1] in {2, 3} and counts[-2] == 1 and mod_11_10(value)


def de_health(value: str) -> bool:
    """Says whether a German health insurance number ends in its digit (GKV-Spitzenverband, annex 1)."""
    digits = f"{BASE36.index(value[0]) - 9:02}{value[1:9]}"
    total = sum(_digit_sum(int(char) * (1 + place % 2)) for place, char in enumerate(digits))
    return value[9] == str(total % 10)


def de_pension(value: str) -> bool:
    """Says whether a German pension insurance number ends in its digit (VKVV, section 2)."""
    digits = f"{value[:8]}{BASE36.index(value[8]) - 9:02}{value[9:11]}"
    weights = (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)
    total = sum(_digit_sum(int(char) * weight) for char, weight in zip(digits, weights, strict=True))
    return value[11] == str(total % 10)


def de_document(value: str) -> bool:
    """Says whether a German card or passport number holds a digit, and its check if the tenth is there."""
    return any(char.isdigit() for char in value) and (len(value) < 10 or sevens(value))  # noqa: PLR2004


def es_ccc(value: str) -> bool:
    """Says whether a Spanish account has its two digits, mod 11, for bank and office and for the account."""
    first = weighted_sum(value[:8], (4, 8, 5, 10, 9, 7, 3, 6)) % 11
    second = weighted_sum(value[10:], (1, 2, 4, 8, 5, 10, 9, 7, 3, 6)) % 11
    table = "01987654321"  # eleven less the remainder; 10 is written 1, 11 is written 0
    return mixed(value) and value[8:10] == table[first] + table[second]


def es_cif(value: str) -> bool:
    """Says whether a Spanish company number ends in its digit or letter."""
    digits = value[1:8]
    total = sum(_digit_sum(int(char) * (2 - place % 2)) for place, char in enumerate(digits))
    return value[8] in {str(-total % 10), "JABCDEFGHI"[-total % 10]}


def es_dni(value: str) -> bool:
    """Says whether a Spanish number ends in its letter, mod 23; X, Y, Z in front count 0, 1, 2."""
    digits = value[:-1].translate({88: "0", 89: "1", 90: "2"})
    return value[-1] == _DNI[int(digits) % 23]


def fi_hetu(value: str) -> bool:
    """Says whether a Finnish code ends in its character, mod 31; the sign of the century is left out or a letter."""
    digits = value[:6] + value[-4:-1]
    return value[-1] == "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(digits) % 31]


def fr_nir(value: str) -> bool:
    """Says whether a French number ends in 97 less the rest mod 97; 2A counts 19, 2B counts 18 (INSEE)."""
    digits = value[:13].replace("2A", "19").replace("2B", "18")
    return digits.isdigit() and int(value[13:]) == 97 - int(digits) % 97


def gb_upn(value: str) -> bool:
    """Says whether an English pupil number begins with its letter, mod 23 (DfE, Unique pupil numbers)."""
    last = value[12] if value[12].isdigit() else str(_PUPIL.index(value[12]))
    total = weighted_sum(value[1:12], tuple(range(2, 13))) + 13 * int(last)
    return value[0] == _PUPIL[total % 23]


def hk_id(value: str) -> bool:
    """Says whether a Hong Kong number divides by 11; letters count 10 to 35, a missing one 36."""
    total = weighted_sum(value, tuple(range(len(value), 0, -1)))
    return (total + (36 * 9 if len(value) == 8 else 0)) % 11 == 0  # noqa: PLR2004


def ie_pps(value: str) -> bool:
    """Says whether an Irish number has its letter, mod 23; a second letter counts nine times."""
    total = weighted_sum(value[:7], (8, 7, 6, 5, 4, 3, 2))
    if value[8:] not in {"", "W"}:
        total += 9 * (BASE36.index(value[8]) - 9)
    return value[7] == "WABCDEFGHIJKLMNOPQRSTUV"[total % 23]


def it_cf(value: str) -> bool:
    """Says whether an Italian tax code ends in its letter (DM 12 March 1974)."""
    total = 0
    for place, char in enumerate(value[:15]):
        number = int(char) if char.isdigit() else BASE36.index(char) - 10
        total += number if place % 2 else _ITALIAN_ODD[number]
    return value[15] == BASE36[10 + total % 26]


def mx_curp(value: str) -> bool:
    """Says whether a Mexican code ends in its digit, base 37 (RENAPO)."""
    total = sum((18 - place) * _CURP.index(char) for place, char in enumerate(value[:17]))
    return value[17] == str(-total % 10)


def nz_ird(value: str) -> bool:
    """Says whether a New Zealand tax number ends in its digit, by the second weights where the first leave 10."""
    padded = value.rjust(9, "0")
    check = -weighted_sum(padded, (3, 2, 7, 6, 5, 4, 3, 2)) % 11
    if check == 10:  # noqa: PLR2004
        check = -weighted_sum(padded, (7, 4, 3, 2, 5, 2, 7, 6)) % 11
    return padded[8] == str(check)


def nz_health(value: str) -> bool:
    """Says whether a New Zealand health index ends in its digit or letter (HISO 10046)."""
    numbers = [int(char) if char.isdigit() else _HEALTH_LETTERS.index(char) + 1 for char in value[:6]]
    total = sum(number * weight for number, weight in zip(numbers, (7, 6, 5, 4, 3, 2), strict=True))
    if value[6].isdigit():
        return total % 11 != 0 and value[6] == str(-total % 11 % 10)
    return value[6] in {_HEALTH_LETTERS[23 - total % 24], _HEALTH_LETTERS[22 - total % 23]}


def nz_account(value: str) -> bool:
    """Says whether a New Zealand account divides by 11; the branch counts below account 990000 only (IRD)."""
    if value[:2] not in _NZ_BANKS:
        return False
    account = value[6:13]
    total = weighted_sum(account, (0, 10, 5, 8, 4, 2, 1))
    if account < "0990000":
        total += weighted_sum(value[2:6], (6, 3, 7, 9))
    return total % 11 == 0


def py_ruc(value: str) -> bool:
    """Says whether a Paraguayan number ends in its digit, mod 11 with weights from 2 on from the right."""
    return value[-1] == str(-_from_right(value, 12) % 11 % 10)


def pt_card(value: str) -> bool:
    """Says whether a Portuguese citizen card number ends in its Luhn digit; letters count 10 to 35."""
    total = 0
    for place, char in enumerate(reversed(value)):
        number = BASE36.index(char) * (1 + place % 2)
        total += number - 9 if place % 2 and number > 9 else number  # noqa: PLR2004
    return total % 10 == 0


def ru_snils(value: str) -> bool:
    """Says whether a Russian insurance number ends in its two digits, mod 101."""
    return mixed(value) and int(value[9:]) == weighted_sum(value, tuple(range(9, 0, -1))) % 101 % 100


def sg_nric(value: str) -> bool:
    """Says whether a Singapore number ends in its letter; T and G add 4, M adds 3 (ICA)."""
    series = {"T": "S", "G": "F"}.get(value[0], value[0])
    total = weighted_sum(value[1:8], (2, 7, 6, 5, 4, 3, 2)) + {"T": 4, "G": 4, "M": 3}.get(value[0], 0)
    return value[8] == _SINGAPORE[series][total % 11]


def tr_tckn(value: str) -> bool:
    """Says whether a Turkish number ends in its two digits (NVI)."""
    digits = [int(char) for char in value]
    tenth = (7 * sum(digits[0:9:2]) - sum(digits[1:8:2])) % 10
    return digits[9] == tenth and digits[10] == sum(digits[:10]) % 10


def tr_vkn(value: str) -> bool:
    """Says whether a Turkish tax number ends in its digit: powers of two, mod 9."""
    total = 0
    for place, char in enumerate(value[:9]):
        number = (int(char) + 9 - place) % 10
        total += (number * 2 ** (9 - place) % 9 or 9) if number else 0
    return value[9] == str(-total % 10)


def tw_id(value: str) -> bool:
    """Says whether a Taiwanese number divides by 10; the letter counts as two digits (MOI)."""
    letter = 10 + _TAIWAN.index(value[0])
    return (letter // 10 + 9 * (letter % 10) + weighted_sum(value[1:], (8, 7, 6, 5, 4, 3, 2, 1, 1))) % 10 == 0


def us_dea(value: str) -> bool:
    """Says whether a DEA number ends in its digit."""
    return value[8] == str(weighted_sum(value[2:8], (1, 2, 1, 2, 1, 2)) % 10)


def us_aba(value: str) -> bool:
    """Says whether nine digits have a prefix of a US routing number and its sum (ABA)."""
    prefix = int(value[:2])
    return (prefix <= 12 or 21 <= prefix <= 32 or 61 <= prefix <= 72 or prefix == 80) and (  # noqa: PLR2004
        mixed(value) and weighted_sum(value, (3, 7, 1) * 3) % 10 == 0
    )


def us_npi(value: str) -> bool:
    """Says whether a US provider number passes Luhn behind 80840 (CMS)."""
    return validators.luhn("80840" + value)


def ve_rif(value: str) -> bool:
    """Says whether a Venezuelan number ends in its digit; V, E, J, P, G count 1 to 5 (SENIAT)."""
    total = 4 * (1 + "VEJPG".index(value[0])) + weighted_sum(value[1:9], (3, 2, 7, 6, 5, 4, 3, 2))
    return value[9] == "00987654321"[total % 11]


def vin(value: str) -> bool:
    """Says whether a vehicle number has its check character in ninth place (49 CFR 565.15)."""
    total = weighted_sum("".join(_VIN.get(char, char) for char in value), _VIN_WEIGHTS)
    return mixed(value) and value[8] == "0123456789X"[total % 11]


def mrz_name(value: str) -> bool:
    """Says whether a machine-readable line holds the sign between family and given names (ICAO Doc 9303)."""
    return "<<" in value


def mrz_second(value: str) -> bool:
    """Says whether number, birth and expiry of a machine-readable line end in their digits (ICAO Doc 9303)."""
    return all(sevens(part) for part in (value[:10], value[13:20], value[21:28]))
