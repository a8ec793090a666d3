"""Scrubs a log: people stay recognisable by pseudonyms, everything else that is private goes.

Run it as `python docs/examples/detection/scrub.py [LOG]`. The key of the pseudonyms is `DISCREET_PSEUDONYM_KEY`.
Without one a key is made for this run, and the next run gives other tokens.
"""

import base64
import os
import secrets
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from detection.staff import DETECTORS
from discreet.policy import known_detectors
from discreet.policy.parsing import parse_pseudonym_key
from discreet.redaction import Actions, Redactor, explain

HERE = Path(__file__).parent
ACTIONS = {"email": "pseudonymize", "card": "mask", "ip_address": "truncate"}


def redactor() -> Redactor:
    """Give a redactor with all detectors and one of our own, that writes pseudonyms for e-mail addresses."""
    made = f"run:{base64.b64encode(secrets.token_bytes(32)).decode()}"
    key = parse_pseudonym_key(os.environ.get("DISCREET_PSEUDONYM_KEY", made))
    return Redactor((*known_detectors(), *DETECTORS), actions=Actions(ACTIONS, key))


def main() -> None:
    """Print the log, scrubbed, and then why its last message was treated so."""
    log = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "visits.log"
    scrub = redactor()
    lines = log.read_text(encoding="utf-8").splitlines()
    for line in lines:
        print(scrub.text(line, set()))
    print("\nOf the last message:")
    for finding in explain(lines[-1].split(maxsplit=3)[-1], None, scrub):
        print(f"  {finding.start}-{finding.end} {finding.kind} {finding.outcome}: {finding.why}")


if __name__ == "__main__":
    main()
