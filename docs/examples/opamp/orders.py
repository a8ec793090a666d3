"""Prints what becomes of one line, and again each time that this changes; the OpAMP server may change it."""

import time

import discreet

LINE = "order 4711 of zoe@example.org, paid with 4111 1111 1111 1111"


def watch() -> None:
    """Print the line whenever it leaves in another form than before."""
    before = None
    while True:
        now = discreet.redact(LINE)
        if now != before:
            print(now, flush=True)
        before = now
        time.sleep(0.2)


if __name__ == "__main__":
    discreet.configure(exporters=["none"], instrument=False, service_name="orders")
    watch()
