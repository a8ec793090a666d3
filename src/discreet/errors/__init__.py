"""Errors: which of them are the same, from the text of their traceback, and how often each was seen."""

from discreet.errors.fingerprint import Fingerprint, fingerprint
from discreet.errors.groups import GROUPS, ErrorGroup, error_groups

__all__ = ["GROUPS", "ErrorGroup", "Fingerprint", "error_groups", "fingerprint"]
