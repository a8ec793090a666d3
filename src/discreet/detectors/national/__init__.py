"""Numbers that states, banks, insurers and makers give to one person, account or device."""

from discreet.detectors.national.table import NATIONAL_DETECTORS

__all__ = ["NATIONAL_DETECTORS"]
