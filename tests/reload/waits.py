"""A program whose file of configuration is changed while it runs: it says the number that the policy in force has.

    python waits.py WAY

WAY: `plain`, or what is done besides: `ignored` ignores SIGHUP, as nohup does, `own-before` and `own-after` set a
handler of the app's own for it, `thread` arms in a thread, `fork` waits in a forked child, `blocked` holds the
runtime's lock in a thread while it forks.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time

from discreet import runtime
from discreet.policy import current

WAY = sys.argv[1]


def own(_number: int, _frame: object) -> None:
    print("own handler", flush=True)


def wait() -> None:
    """Say the number until it is the last one."""
    said = None
    while said != 99:
        if current().cardinality_limit != said:
            said = current().cardinality_limit
            print(f"limit {said}", flush=True)
        time.sleep(0.02)


def fork() -> None:
    """Wait in a child, and end as it ends."""
    if os.fork():
        sys.exit(os.waitstatus_to_exitcode(os.wait()[1]))


# Whatever it does to the tests, which may run under nohup:
signal.signal(signal.SIGHUP, signal.SIG_IGN if WAY == "ignored" else signal.SIG_DFL)
if WAY == "own-before":
    signal.signal(signal.SIGHUP, own)
if WAY == "thread":
    thread = threading.Thread(target=runtime.arm)
    thread.start()
    thread.join()
else:
    runtime.arm()
if WAY == "own-after":
    signal.signal(signal.SIGHUP, own)
if WAY == "fork":
    fork()
if WAY == "blocked":
    held = threading.Event()

    def hold() -> None:
        with runtime._lock:
            held.set()
            time.sleep(600)

    threading.Thread(target=hold, daemon=True).start()
    held.wait()
    fork()
wait()
