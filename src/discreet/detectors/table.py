"""The table of detectors: one row for each way in which a kind of private value is recognised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from discreet.detectors import (
    accounts,
    codes,
    commands,
    database,
    headers,
    key_material,
    links,
    network,
    personal,
    phones,
)
from discreet.detectors.keyed import KEYED_DETECTORS
from discreet.detectors.national.table import NATIONAL_DETECTORS
from discreet.detectors.tokens import TOKEN_DETECTORS

if TYPE_CHECKING:
    from discreet.detectors.model import Detector

DETECTORS: Final[tuple[Detector, ...]] = (
    *personal.DETECTORS,
    *phones.PHONE_DETECTORS,
    *network.NETWORK_DETECTORS,
    *accounts.ACCOUNT_DETECTORS,
    *NATIONAL_DETECTORS,
    *key_material.DETECTORS,
    *headers.DETECTORS,
    *links.DETECTORS,
    *commands.DETECTORS,
    *codes.DETECTORS,
    *TOKEN_DETECTORS,
    *database.DETECTORS,
    *KEYED_DETECTORS,
)
