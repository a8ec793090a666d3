"""Tokens of vendors and blocks of private keys: whole, cut off, and fillers that are none."""

from __future__ import annotations

from typing import Final

import pytest

from discreet.redaction import Redactor

REDACTOR: Final = Redactor()
HEAD: Final = "-----BEGIN RSA PRIVATE KEY-----"
LINE: Final = "MIIEpAIBAAKCAQEA0Fake5JJcds3xfn/ygWyF0PbnGy0AHB7MhgwMbRvI0MBZhpI"


def clean(text: str) -> str:
    """Give the text as it leaves."""
    return REDACTOR.text(text, set())


@pytest.mark.parametrize(
    "token",
    [
        "sk_live_" + "abcdefghijklmnopqrstuvwx",
        "glpat-" + "abcdefghijklmnopqrst",
        "hf_" + "abcdefghijklmnopqrstuvwxyzabcdefgh",
        "ya29." + "a0AfH6SMBx1234567890abcdefghijklmnopqrstuv",
        "sk-proj-" + "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKL",
        "rk_live_" + "ABCDEFGHIJKLMNOPQRSTUVWX",
    ],
)
def test_a_token_of_full_length_counts_though_its_end_is_plain(token: str) -> None:
    """The whole body decides: one row of letters in one case is no name of words."""
    assert clean(f"see {token} here").startswith("see [REDACTED:")


@pytest.mark.parametrize(
    "text", ["sk_live_" + "x" * 24, "ghp_" + "0" * 36, "glpat-some_long_name_here_x", "hf_" + "ab" * 17]
)
def test_a_filler_is_no_token(text: str) -> None:
    """What documentation puts in a token's place stays."""
    assert clean(text) == text


@pytest.mark.parametrize(
    ("cut", "left"),
    [
        (f"{HEAD}\n{LINE}\n{LINE}\nab12==\nGET /index.html 200 ok", "*\nGET /index.html 200 ok"),
        (f"{HEAD}\n{LINE}\n{LINE[:7]}", "*"),
        (f'"{HEAD}\\n{LINE}\\n{LINE[:9]}" is bad', '"*" is bad'),
        (f"{HEAD} {LINE} {LINE} was not read", "* was not read"),
        (f"{HEAD} was not found in file /x", "* was not found in file /x"),
        (f"{HEAD}\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00FA4E\n\n{LINE}\n{LINE[:20]}", "*"),
        (f'k = "{HEAD}" +\n "{LINE}" +\n "{LINE[:30]}"', 'k = "*"'),
        (f"> {HEAD}\n> {LINE}\n> {LINE}\nHi Bob", "> *\nHi Bob"),
        (f"{HEAD}{LINE}{LINE[:5]}, next", "*, next"),
        (f"    {HEAD}\n    {LINE}\n    {LINE[:12]}\nAuthorization: none", "    *\nAuthorization: none"),
        (f"{HEAD}\r\n{LINE}\r\n{LINE[:6]}...", "*..."),
        (f"{HEAD}%0A{LINE.replace('/', '%2F')}%0A{LINE[:10]}", "*"),
    ],
)
def test_of_a_key_that_is_cut_off_all_goes_and_no_more(cut: str, left: str) -> None:
    """Headers and lines go, however they are joined; what follows stays."""
    assert clean(cut) == left.replace("*", "[REDACTED:private_key]")
