"""Classification: what a record is about, and how widely it may be shown. Pure: knows nothing of OpenTelemetry."""

from discreet.classification.configured import CONDITIONS, FIELDS, KINDS, SEVERITIES, ConfiguredRule, rule_of
from discreet.classification.levels import CATEGORIES, Level, level_of
from discreet.classification.rules import CATEGORY, LEVEL, Classification, Subject, classify

__all__ = [
    "CATEGORIES",
    "CATEGORY",
    "CONDITIONS",
    "FIELDS",
    "KINDS",
    "LEVEL",
    "SEVERITIES",
    "Classification",
    "ConfiguredRule",
    "Level",
    "Subject",
    "classify",
    "level_of",
    "rule_of",
]
