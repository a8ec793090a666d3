"""Lists of words, as an option takes them: a list, or one text with commas."""

from __future__ import annotations


def words_of(value: object, rule: str) -> tuple[str, ...]:
    """Give the words, without blanks around them and without empty ones.

    Raises:
        ValueError: With the rule, for anything else.
    """
    words = value.split(",") if isinstance(value, str) else value
    if not isinstance(words, (list, tuple)) or not all(isinstance(word, str) for word in words):
        raise ValueError(rule)
    return tuple(text for word in words if (text := word.strip()))
