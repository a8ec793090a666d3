"""Explanations: what was found, and what was left."""

from __future__ import annotations

from discreet.redaction import Redactor, explain

REDACTOR = Redactor()


def test_a_finding_names_detector_place_and_source() -> None:
    """Each finding says which row found it, where, at which level and by which proof; never the value."""
    text = "mail zoe@example.org, password=hunter2"
    findings = explain(text, None, REDACTOR)
    assert [(text[f.start : f.end], f.kind, f.detector, f.proof, f.outcome) for f in findings] == [
        ("zoe@example.org", "email", "email", "shape", "redacted"),
        ("hunter2", "password", "password_key", "key", "redacted"),
    ]
    assert "hunter2" not in str([finding[4:] for finding in findings])


def test_a_look_alike_is_listed_with_its_rule() -> None:
    """What a pattern matches and a rule leaves is said, with the rule."""
    (finding,) = explain("order 4111111111111112", None, REDACTOR)
    assert (finding.kind, finding.outcome) == ("card", "left")
    assert "left by the rule" in finding.why


def test_a_record_is_explained_by_its_keys() -> None:
    """Nested values stand under their path; a key that tells only half says so."""
    findings = explain({"user": {"pin": 4711}, "office": {"address": "db-1"}, "ok": True}, None, REDACTOR)
    assert [(f.path, f.kind, f.outcome) for f in findings] == [
        ("user.pin", "pin", "redacted"),
        ("office.address", "address", "left"),
    ]


def test_nothing_found_is_an_empty_list() -> None:
    """A clean text has no findings."""
    assert explain("token expired for user 42", None, REDACTOR) == []
