"""The table of national identifiers: 60 of 50 countries."""

from __future__ import annotations

from tests.detection import national as n
from tests.detection.national import NationalId as Id

_ISIK = n.two_rounds([1, 2, 3, 4, 5, 6, 7, 8, 9, 1], [3, 4, 5, 6, 7, 8, 9, 1, 2, 3])
_IIN = n.two_rounds([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], [3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2])
_CPF = n.two_mod11([10, 9, 8, 7, 6, 5, 4, 3, 2], [11, 10, 9, 8, 7, 6, 5, 4, 3, 2])
_CNPJ = n.two_mod11([5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2], [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2])
_EMSO = n.weighted([7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1], 11)
_KENNITALA = n.weighted([3, 2, 7, 6, 5, 4, 3, 2, 1], 11)
_KOREAN = n.last_is([2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5], 11, lambda rest: (11 - rest) % 10)
_NHS = n.weighted([10, 9, 8, 7, 6, 5, 4, 3, 2, 1], 11)
_MBI = "[1-9][AC-HJKMNP-RT-Y][0-9]#-[AC-HJKMNP-RT-Y][0-9]#-[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y]##"
_CODICE = "[B-DF-HL-NP-T][AEIOU][B-DF-HL-NP-T][B-DF-HL-NP-T][AEIOU][B-DF-HL-NP-T]YY[ABCDEHLMPRST]DD[A-L][1-9]##[A-Z]"


def _thai(text: str) -> bool:
    return (11 - n.dot(text, [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11) % 10 == int(text[-1])


def _snils(text: str) -> bool:
    return n.dot(text[:11], [9, 8, 7, 6, 5, 4, 3, 2, 1]) % 101 % 100 == int(text[-2:])


def _inn(text: str) -> bool:
    first = n.dot(text, [7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11 % 10
    second = n.dot(text, [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11 % 10
    return text[-2:] == f"{first}{second}"


def _cuit(text: str) -> bool:
    rest = 11 - n.dot(text, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11
    return rest != 10 and rest % 11 == int(text[-1])


def _afm(text: str) -> bool:
    return n.dot(text, [256, 128, 64, 32, 16, 8, 4, 2]) % 11 % 10 == int(text[-1])


def _nif(text: str) -> bool:
    rest = 11 - n.dot(text, [9, 8, 7, 6, 5, 4, 3, 2]) % 11
    return (0 if rest > 9 else rest) == int(text[-1])


def _pps(text: str) -> bool:
    return "WABCDEFGHIJKLMNOPQRSTUV"[n.dot(text, [8, 7, 6, 5, 4, 3, 2]) % 23] == text[-1]


def _czech(text: str) -> bool:
    return int(text.replace("/", "")) % 11 == 0


def _ahv(text: str) -> bool:
    return n.dot(text, [1, 3] * 6 + [1]) % 10 == 0


def _npi(text: str) -> bool:
    return n.luhn("80840" + text)


def _cnp(text: str) -> bool:
    rest = n.dot(text, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11
    return (1 if rest == 10 else rest) == int(text[-1])


def _bsn(text: str) -> bool:
    return n.dot(text, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 == 0


def _ukrainian(text: str) -> bool:
    return n.dot(text, [-1, 5, 7, 9, 4, 6, 10, 5, 7]) % 11 % 10 == int(text[-1])


def _svnr(text: str) -> bool:
    d = [int(s) for s in text if s.isdigit()]
    return sum(a * b for a, b in zip(d, [3, 7, 9, 0, 5, 8, 4, 2, 1, 6], strict=True)) % 11 == d[3]


def _abn(text: str) -> bool:
    return (n.dot(text, [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]) - 10) % 89 == 0


def _siret(text: str) -> bool:
    return n.luhn(text) and n.luhn(text[:11])


def _medicare(text: str) -> bool:
    return n.dot(text, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 == int(text.replace(" ", "")[8])


def _ecuador(text: str) -> bool:
    return n.luhn(text)


TABLE = (
    Id("AU abn", "[1-9]# ### ### ###", _abn, ("ABN",)),
    Id("AU medicare", "[2-6]### ##### #", _medicare, ("Medicare card", "Medicare no")),
    Id("FR siret", "[3-8]## ### ### 000##", _siret, ("SIRET",)),
    Id("GH card", "GHA-#########-#", n.always, ("Ghana card",), alone=True),
    Id("UY ci", "[1-5].###.###-#", n.weighted([2, 9, 8, 7, 6, 3, 4, 1], 10), ("cédula", "cédula de identidad")),
    Id("SV dui", "0#######-#", n.weighted([9, 8, 7, 6, 5, 4, 3, 2, 1], 10), ("DUI",)),
    Id("PH sss", "##-#######-#", n.always, ("SSS",)),
    Id("LK nic", "[5-9]########V", n.always, ("NIC",), alone=True),
    Id("ZM nrc", "######/##/1", n.always, ("NRC",)),
    Id("EG nid", "2YYMMDD01#####", n.always, ("الرقم القومي",)),
    Id("CR cedula", "[1-7]-0###-0###", n.always, ("cédula",)),
    Id("AR cuit", "2[0347]-########-#", _cuit, ("CUIT", "CUIL"), alone=True),
    Id("AU tfn", "[1-9]## ### ###", n.weighted([1, 4, 3, 7, 5, 8, 6, 9, 10], 11), ("TFN", "tax file number")),
    Id("AT svnr", "[1-9]### DDMMYY", _svnr, ("SVNR", "Sozialversicherungsnummer")),
    Id("BE rrn", "YY.MM.DD-###.##", n.belgian, ("rijksregisternummer", "NISS"), alone=True),
    Id("BR cpf", "###.###.###-##", _CPF, ("CPF", "cpf do cliente"), alone=True),
    Id("BR cpf bare", "###########", _CPF, ("CPF", "cpf")),
    Id("BR cnpj", "##.###.###/0001-##", _CNPJ, ("CNPJ",), alone=True),
    Id("BG egn", "YYMMDD####", n.last_is([2, 4, 8, 5, 10, 9, 7, 3, 6], 11, lambda r: r % 10), ("ЕГН", "EGN")),
    Id("CA sin", "[1-7]## ### ###", n.luhn, ("SIN", "social insurance number", "NAS")),
    Id("CL rut", "1#.###.###-[0-9K]", n.rut, ("RUT", "RUN"), alone=True),
    Id("CN id", "[13]10105YYYYMMDD###[0-9X]", n.chinese, ("身份证号", "id card"), alone=True),
    Id("HR oib", "###########", n.mod11_10, ("OIB",)),
    Id("CZ rc", "YYMMDD/####", _czech, ("rodné číslo", "RČ"), alone=True),
    Id("DK cpr", "DDMMYY-####", n.always, ("CPR", "personnummer", "cpr-nr"), alone=True),
    Id("DO cedula", "0[01]#-#######-#", n.luhn, ("cédula", "cedula"), alone=True),
    Id("EC cedula", "1[0-9][0-5]#######", _ecuador, ("cédula", "cédula de identidad")),
    Id("EE isikukood", "[34]YYMMDD####", _ISIK, ("isikukood",)),
    Id("FI hetu", "DDMMYY-[1-8]##[0-9A-FHJ-NPR-Y]", n.hetu, ("henkilötunnus", "hetu"), alone=True),
    Id("FR nir", "[12] YY MM 75 ### ### ##", n.french, ("NIR", "numéro de sécurité sociale"), alone=True),
    Id("FR nir bare", "[12]YYMM75########", n.french, ("NIR", "numéro de sécu", "n° de sécurité sociale")),
    Id("DE idnr", "[1-9]# ### ### ###", n.idnr, ("Steuer-ID", "IdNr", "Steueridentifikationsnummer")),
    Id("DE rvnr", "65DDMMYY[A-Z]###", n.rvnr, ("Sozialversicherungsnummer", "RVNR"), alone=True),
    Id("DE kvnr", "[A-Z]#########", n.kvnr, ("Krankenversichertennummer", "KVNR")),
    Id("GR afm", "[01]########", _afm, ("ΑΦΜ", "AFM")),
    Id("GR amka", "DDMMYY#####", n.luhn, ("\u0391\u039c\u039a\u0391", "AMKA")),
    Id("HK id", "[A-HKM-P]######([0-9A])", n.hongkong, ("HKID", "身份證"), alone=True),
    Id("HU taj", "### ### ###", n.last_is([3, 7, 3, 7, 3, 7, 3, 7], 10, lambda r: r), ("TAJ szám", "TAJ")),
    Id("IS kennitala", "DDMMYY-[2-9]##[09]", _KENNITALA, ("kennitala", "kt."), alone=True),
    Id("IN aadhaar", "[2-9]### #### ####", n.verhoeff, ("Aadhaar", "aadhaar number")),
    Id("IN pan", "[A-Z][A-Z][A-Z]P[A-Z]####[A-Z]", n.always, ("PAN", "pan card"), alone=True),
    Id("ID nik", "32##[0-9]#DDMMYY####", n.always, ("NIK", "KTP")),
    Id("IE pps", "#######[A-W]", _pps, ("PPSN", "PPS number")),
    Id("IL id", "########-#", n.luhn, ("teudat zehut", "תעודת זהות")),
    Id("IT cf", _CODICE, n.codice, ("codice fiscale",), alone=True),
    Id("JP mynumber", "#### #### ####", n.mynumber, ("マイナンバー", "個人番号", "My Number")),
    Id("KZ iin", "YYMMDD[34]#####", _IIN, ("ИИН", "IIN")),
    Id("KR rrn", "YYMMDD-[12]0#####", _KOREAN, ("주민등록번호", "RRN"), alone=True),
    Id("LT ak", "[34]YYMMDD####", _ISIK, ("asmens kodas",)),
    Id("LV pk", "DDMMYY-1####", n.always, ("personas kods",)),
    Id("MY nric", "YYMMDD-14-####", n.always, ("MyKad", "NRIC", "IC"), alone=True),
    Id(
        "MX curp",
        "[A-Z][AEIOU][A-Z][A-Z]YYMMDD[HM]DF[B-DF-HJ-NP-T][B-DF-HJ-NP-T][B-DF-HJ-NP-T]0#",
        n.curp,
        ("CURP",),
        True,
    ),
    Id("NL bsn", "[1-9]########", _bsn, ("BSN", "burgerservicenummer")),
    Id("NO fnr", "DDMMYY[1-4]####", n.norwegian, ("fødselsnummer", "fnr", "personnummer")),
    Id("PK cnic", "[1-7]####-#######-[1-9]", n.always, ("CNIC",), alone=True),
    Id("PL pesel", "YYMMDD#####", n.weighted([1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1], 10), ("PESEL",)),
    Id(
        "PL nip", "[1-9]##-[1-9]##-##-##", n.last_is([6, 5, 7, 2, 3, 4, 5, 6, 7], 11, lambda r: r), ("NIP",), alone=True
    ),
    Id("PT nif", "[12]## ### ###", _nif, ("NIF", "contribuinte")),
    Id("RO cnp", "[12]YYMMDD40####", _cnp, ("CNP", "cod numeric personal")),
    Id("RU inn", "77##########", _inn, ("ИНН", "INN")),
    Id("RU snils", "[1-9]##-###-### ##", _snils, ("СНИЛС", "SNILS"), alone=True),
    Id("SA iqama", "[12]#########", n.luhn, ("iqama", "رقم الهوية")),
    Id(
        "RS jmbg",
        "DDMM98571####",
        _EMSO,
        ("JMBG", "\u043c\u0430\u0442\u0438\u0447\u043d\u0438 \u0431\u0440\u043e\u0458"),
    ),
    Id("SI emso", "DDMM98050####", _EMSO, ("EMŠO", "EMSO")),
    Id("SG nric", "[STFG]#######[A-Z]", n.nric, ("NRIC", "FIN")),
    Id("ZA id", "YYMMDD####08#", n.luhn, ("SA ID number", "ID number")),
    Id("ES dni", "########[A-HJ-NP-TV-Z]", n.letter("TRWAGMYFPDXBNJZSQVHLCKE", 23), ("DNI", "NIF")),
    Id("ES nie", "[XYZ]#######[A-HJ-NP-TV-Z]", n.nie, ("NIE",), alone=True),
    Id("SE pnr", "YYMMDD-####", n.luhn, ("personnummer",), alone=True),
    Id("CH ahv", "756.####.####.##", _ahv, ("AHV", "AVS"), alone=True),
    Id("TW id", "[A-HJ-N][12]########", n.taiwan, ("身分證字號", "national ID")),
    Id("TH pin", "[1-8]-####-#####-##-#", _thai, ("เลขประจำตัวประชาชน", "Thai ID"), alone=True),
    Id("TR tckn", "[1-9]##########", n.turkish, ("TCKN", "T.C. kimlik no")),
    Id("UA rnokpp", "[23]#########", _ukrainian, ("РНОКПП", "ІПН")),
    Id("AE eid", "784-YYYY-#######-#", n.luhn, ("Emirates ID",), alone=True),
    Id("GB nino", "[ABCEHJLMPRSTWXY][ABCEHJLMPRSTWXZ] ## ## ## [A-D]", n.always, ("NINO", "NI number"), alone=True),
    Id("GB nhs", "[4-7]## ### ####", _NHS, ("NHS number", "NHS no")),
    Id("US mbi", _MBI, n.always, ("MBI", "Medicare number"), alone=True),
    Id("US npi", "1#########", _npi, ("NPI",)),
    Id("US dea", "[ABFM][A-Z]#######", n.dea, ("DEA number", "DEA no")),
    Id("US ein", "2[0-7]-#######", n.always, ("EIN", "FEIN")),
    Id("VN cccd", "0[0-9]#[0-3]YY######", n.always, ("CCCD", "CMND")),
)
