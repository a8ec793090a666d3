"""The table of detectors: one row for each way in which a kind of private value is recognised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from discreet.detectors import accounts, credentials, database, network, personal, phones
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
    *credentials.DETECTORS,
    *TOKEN_DETECTORS,
    *database.DETECTORS,
    *KEYED_DETECTORS,
)
