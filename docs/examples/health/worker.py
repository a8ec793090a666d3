"""A worker that prints letters; whether it is well, `discreet health` says: python worker.py PORT [SECONDS]."""

import queue
import sys
import time

import discreet

LETTERS: "queue.Queue[str]" = queue.Queue(maxsize=100)


@discreet.health.check("queue", timeout=1)
def queue_has_room() -> discreet.health.Found:
    """Warn when the queue is nearly full: the worker is slower than what comes in."""
    share = LETTERS.qsize() / LETTERS.maxsize
    return discreet.health.Found("warn" if share > 0.9 else "pass", "nearly full" if share > 0.9 else "", share, "1")


@discreet.health.check("printer", critical=False)
async def printer_answers() -> bool:
    """Ask the printer; a coroutine may be a check, too."""
    return True


def main(port: int, seconds: float) -> None:
    """Work, and be asked meanwhile."""
    discreet.configure(service_name="worker", exporters=["none"], instrument=False, health_port=port, health_interval=1)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        time.sleep(0.1)


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]) if len(sys.argv) > 2 else 60)
