"""The checks that the rows of `national_ids.tsv` name: what the characters of a number have to add up to.

A check takes the value in upper case, without separators, and of the length and letters that its shape promises.
Where a sum of weights says it all, the check is a row of the table at the end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from discreet.detectors import validators
from discreet.detectors.national import special
from discreet.detectors.national.algorithms import (
    dated,
    divisible,
    either,
    every,
    luhn_36,
    mixed,
    mod_11_2,
    mod_11_10,
    no_job,
    not_lately,
    part,
    plain_luhn,
    sevens,
    two_rounds,
    verhoeff,
    weighted,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from discreet.detectors.national.algorithms import Check

_TEN_IS_0: Final = "01234567890"
_ELEVEN_LESS: Final = "11234567890"  # eleven less the remainder, last digit

_FODSELSNUMMER: Final = every(
    weighted("3 7 6 1 8 9 4 5 2", sign=-1), weighted("5 4 3 2 7 6 5 4 3 2", sign=-1), dated("ddmmyy", 0, (40,), 40)
)
_RRN: Final = every(weighted("2 3 4 5 6 7 8 9 2 3 4 5", sign=-1, table=_ELEVEN_LESS), dated("yymmdd"))
_HETU: Final = every(special.fi_hetu, dated("ddmmyy"))
_ID_DATE: Final = dated("ddmmyy", 6, (), 40)

_PLAIN: Final = (luhn_36, mod_11_10, mod_11_2, verhoeff)

CHECKS: Final[Mapping[str, Check]] = {
    **{name: check for name, check in vars(special).items() if name in special.__all__},
    **{check.__name__: check for check in _PLAIN},
    "luhn": plain_luhn,
    "mixed": mixed,
    "ar_cuit": weighted("5 4 3 2 7 6 5 4 3 2", sign=-1, table="01234567899"),
    "ar_cbu": every(weighted("7 1 3 9 7 1 3", 10, -1), part(weighted("3 9 7 1 3 9 7 1 3 9 7 1 3", 10, -1), 8)),
    "at_svnr": weighted("3 7 9 0 5 8 4 2 1 6", at=3),
    "au_medicare": weighted("1 3 7 9 1 3 7 9", 10),
    "au_tfn": every(mixed, divisible("1 4 3 7 5 8 6 9 10", 11)),
    "be_eid": lambda value: int(value[10:]) == (int(value[:10]) % 97 or 97),
    "bg_egn": every(weighted("2 4 8 5 10 9 7 3 6", table=_TEN_IS_0), dated("yymmdd", 0, (20,))),
    "bg_lnch": weighted("21 19 17 13 11 9 7 3 1", 10),
    "br_cns": divisible("15 14 13 12 11 10 9 8 7 6 5 4 3 2 1", 11),
    "br_cpf": every(
        mixed,
        weighted("10 9 8 7 6 5 4 3 2", sign=-1, table=_TEN_IS_0),
        weighted("11 10 9 8 7 6 5 4 3 2", sign=-1, table=_TEN_IS_0),
    ),
    "br_pis": every(mixed, weighted("3 2 9 8 7 6 5 4 3 2", sign=-1, table=_TEN_IS_0)),
    "ca_ohip": part(plain_luhn, 0, 10),
    "ca_phn": part(weighted("2 4 8 5 10 9 7 3", sign=-1), 1),
    "ca_sin": every(plain_luhn, lambda value: value[0] not in "08"),
    "cn_ric": every(mod_11_2, dated("yyyymmdd", 6)),
    "co_nit": weighted("41 37 29 23 19 17 13 7 3", table="01987654321"),
    "cz_rc": every(special.cz_rc, dated("yymmdd", 0, (50, 20))),
    "cz_rc_old": dated("yymmdd", 0, (50,)),
    "de_pension": every(special.de_pension, dated("ddmmyy", 2)),
    "ddmmyy": dated("ddmmyy"),
    "ee_code": every(two_rounds("1 2 3 4 5 6 7 8 9 1", "3 4 5 6 7 8 9 1 2 3"), dated("yymmdd", 1)),
    "eg_id": dated("yymmdd", 1),
    "fi_hetu": every(_HETU, either(no_job, lambda value: value[-1].isalpha())),
    "fi_hetu_worded": _HETU,
    "fr_nif": lambda value: int(value[:10]) % 511 == int(value[10:]),
    "gb_chi": every(weighted("10 9 8 7 6 5 4 3 2", sign=-1), dated("ddmmyy")),
    "gb_nhs": every(mixed, weighted("10 9 8 7 6 5 4 3 2", sign=-1)),
    "gb_utr": weighted("0 6 7 8 9 10 5 4 3 2", table="21987654321", at=0),
    "gh_tin": part(weighted("1 2 3 4 5 6 7 8 9", table="0123456789X"), 1),
    "gr_afm": every(mixed, weighted("256 128 64 32 16 8 4 2", table=_TEN_IS_0)),
    "gr_amka": every(plain_luhn, dated("ddmmyy")),
    "gt_cui": weighted("2 3 4 5 6 7 8 9"),
    "hu_personal": every(
        either(weighted("1 2 3 4 5 6 7 8 9 10"), weighted("10 9 8 7 6 5 4 3 2 1")), dated("yymmdd", 1)
    ),
    "hu_taj": every(mixed, weighted("3 7 3 7 3 7 3 7", 10)),
    "hu_tax": weighted("1 2 3 4 5 6 7 8 9"),
    "id_nik": _ID_DATE,
    "id_npwp": part(plain_luhn, 0, 9),
    "in_voter": part(validators.luhn, 3),
    "ir_melli": every(mixed, weighted("10 9 8 7 6 5 4 3 2", table="01987654321")),
    "is_kennitala": every(weighted("3 2 7 6 5 4 3 2", sign=-1), dated("ddmmyy", 0, (), 40), no_job),
    "is_kennitala_bare": every(weighted("3 2 7 6 5 4 3 2", sign=-1), dated("ddmmyy", 0, (), 40)),
    "jmbg": every(weighted("7 6 5 4 3 2 7 6 5 4 3 2", sign=-1), dated("ddmm")),
    "jp_number": every(mixed, weighted("6 5 4 3 2 7 6 5 4 3 2", table="00987654321")),
    "kr_rrn": every(_RRN, not_lately),
    "kw_civil": every(weighted("2 1 6 3 7 9 10 5 8 4 2", sign=-1), dated("yymmdd", 1)),
    "kz_iin": every(two_rounds("1 2 3 4 5 6 7 8 9 10 11", "3 4 5 6 7 8 9 10 11 1 2"), dated("yymmdd")),
    "lu_id": every(part(plain_luhn, 0, 12), lambda value: verhoeff(value[:11] + value[12]), dated("yyyymmdd")),
    "lv_code": every(weighted("10 5 8 4 2 1 6 3 7 9", table="12345678900"), dated("ddmmyy"), no_job),
    "lv_code_bare": every(weighted("10 5 8 4 2 1 6 3 7 9", table="12345678900"), dated("ddmmyy")),
    "luhn_f": lambda value: plain_luhn(value.rstrip("F")),
    "md_idnp": weighted("7 3 1 7 3 1 7 3 1 7 3 1", 10),
    "mx_clabe": every(mixed, weighted("3 7 1 3 7 1 3 7 1 3 7 1 3 7 1 3 7", 10, -1)),
    "my_nric": every(dated("yymmdd"), not_lately),
    "nl_bsn": every(mixed, divisible("9 8 7 6 5 4 3 2 -1", 11)),
    "no_account": every(mixed, weighted("5 4 3 2 7 6 5 4 3 2", sign=-1)),
    "no_fnr": _FODSELSNUMMER,
    "nuss": lambda value: int(value[:-2]) % 97 == int(value[-2:]),
    "pe_dni": either(
        weighted("3 2 7 6 5 4 3 2", table="65432110987"), weighted("3 2 7 6 5 4 3 2", table="KJIHGFEDCBA")
    ),
    "pe_ruc": weighted("5 4 3 2 7 6 5 4 3 2", sign=-1, table=_ELEVEN_LESS),
    "pl_card": divisible("7 3 1 9 7 3 1 7 3", 10),
    "pl_nip": every(mixed, weighted("6 5 7 2 3 4 5 6 7")),
    "pl_passport": divisible("7 3 9 1 7 3 1 7 3", 10),
    "pl_pesel": every(weighted("1 3 7 9 1 3 7 9 1 3", 10, -1), dated("yymmdd", 0, (20,))),
    "pt_nif": every(mixed, weighted("9 8 7 6 5 4 3 2", sign=-1, table=_TEN_IS_0)),
    "pt_niss": weighted("29 23 19 17 13 11 7 5 3 2", 10, table="9876543210"),
    "ro_cnp": every(weighted("2 7 9 1 4 6 3 5 8 2 7 9", table="01234567891"), dated("yymmdd", 1)),
    "ru_inn": every(
        weighted("7 2 4 10 3 5 9 4 6 8", table=_TEN_IS_0), weighted("3 7 2 4 10 3 5 9 4 6 8", table=_TEN_IS_0)
    ),
    "se_long": every(part(plain_luhn, 2), dated("yyyymmdd", 0, (), 60), part(not_lately, 2)),
    "se_number": every(plain_luhn, dated("yymmdd", 0, (), 60), not_lately),
    "se_number_bare": every(
        lambda value: plain_luhn(value[-10:]), lambda value: dated("yymmdd", 0, (), 60)(value[-10:])
    ),
    "si_tax": weighted("8 7 6 5 4 3 2", sign=-1, table="?1234567890"),
    "sv_dui": every(mixed, weighted("9 8 7 6 5 4 3 2", 10, -1)),
    "th_pin": every(mixed, weighted("13 12 11 10 9 8 7 6 5 4 3 2", sign=-1, table=_ELEVEN_LESS)),
    "ua_tax": every(mixed, weighted("-1 5 7 9 4 6 10 5 7", table=_TEN_IS_0)),
    "us_ssn": every(mixed, validators.ssn),
    "uy_ci": every(mixed, weighted("2 9 8 7 6 3 4", 10, -1)),
    "vn_tax": every(mixed, weighted("31 29 23 19 17 13 7 5 3", table="?9876543210")),
    "yymmdd": dated("yymmdd"),
    "za_id": every(plain_luhn, dated("yymmdd")),
    "mrz_card": lambda value: sevens(value[5:15]),
}
"""By the name that the table uses."""
