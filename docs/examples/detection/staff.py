"""A detector of one's own: the staff numbers of a clinic, five digits of which the last is a check digit."""

from discreet.detectors import Detector


def checked(value: str) -> bool:
    """Say whether the last digit is the last one of the sum of the others."""
    digits = [int(char) for char in value if char.isdigit()]
    return digits[-1] == sum(digits[:-1]) % 10


DETECTORS = (
    Detector(
        kind="staff_id",
        group="custom",
        pattern=r"\bSTF-[0-9]{5}\b",
        validate=checked,
        level="confidential",
        example="booked by STF-10449",
        near_miss="template STF-x",
        source="the clinic's handbook for staff, 4.2",
    ),
)
