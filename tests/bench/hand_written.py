"""What people write by hand: ten patterns and a loop of `re.sub`, as in answers and blog posts on log scrubbing.

They are the yardstick of speed, not of quality: no checksums, no keys in JSON, nothing encoded, and a UUID is left out.
"""

from __future__ import annotations

import re
from typing import Final

PATTERNS: Final = tuple(
    (re.compile(pattern), marker)
    for pattern, marker in (
        (r"[a-zA-Z0-9._%+-]+@[a-zA-Z0-9.-]+\.[a-zA-Z]{2,}", "[EMAIL]"),
        (r"\b(?:\d[ -]*?){13,16}\b", "[CARD]"),
        (r"\b\d{3}-\d{2}-\d{4}\b", "[SSN]"),
        (r"\+?\d{1,3}?[-. ]?\(?\d{3}\)?[-. ]?\d{3}[-. ]?\d{4}", "[PHONE]"),
        (r"\b(?:\d{1,3}\.){3}\d{1,3}\b", "[IP]"),
        (r"eyJ[A-Za-z0-9_-]+\.eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+", "[JWT]"),
        (r"(?i)bearer\s+[A-Za-z0-9._~+/-]+=*", "Bearer [TOKEN]"),
        (r"(?i)(password|passwd|pwd)\s*[=:]\s*\S+", r"\1=[PASSWORD]"),
        (r"\bAKIA[0-9A-Z]{16}\b", "[AWS_KEY]"),
        (r"(?i)(api[_-]?key|secret|token)\s*[=:]\s*\S+", r"\1=[SECRET]"),
    )
)


def scrub(text: str) -> str:
    """Gives the text after all ten replacements."""
    for pattern, replacement in PATTERNS:
        text = pattern.sub(replacement, text)
    return text


def scrub_attributes(attributes: dict[str, object]) -> dict[str, object]:
    """Gives attributes with every text scrubbed; keys are not looked at."""
    return {key: scrub(value) if isinstance(value, str) else value for key, value in attributes.items()}
