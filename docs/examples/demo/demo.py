"""`make demo`: what the application said, and what left the process with Discreet, side by side.

Runs the clinic twice under `opentelemetry-instrument`, with the stock distribution and with Discreet, against a
receiver on loopback. Ends with status 0 only if Discreet let nothing private out and all three signals arrived.
"""

import argparse
import signal
import sys
import time
from pathlib import Path

import httpx

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from demo import table, verdict
from demo.experiment import Experiment
from demo.processes import ServerError, free_ports


def main() -> int:
    """Run both, print the tables and the verdict, and give the exit status."""
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is stopped
    started = time.monotonic()
    ports = free_ports()  # the same ones in both runs, so that records can be compared
    try:
        stock = Experiment("stock", options.stock_python, ports).run()
        discreet = Experiment("Discreet", options.discreet_python, ports).run()
    except (ServerError, httpx.HTTPError) as error:
        print(f"FAILED: {error}", file=sys.stderr)
        return 1
    table.print_comparison(stock, discreet)
    complaints = verdict.print_verdict(stock, discreet)
    print(f"\nDone in {time.monotonic() - started:.0f} s.")
    return 1 if complaints else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--stock-python", type=Path, required=True, help="a Python with opentelemetry-distro and without discreet"
    )
    parser.add_argument(
        "--discreet-python", type=Path, default=Path(sys.executable), help="a Python with discreet (default: this one)"
    )
    options = parser.parse_args()
    for name in ("stock_python", "discreet_python"):
        python = getattr(options, name).absolute()  # not resolved: a link leads out of its virtual environment
        if not (python.parent / "opentelemetry-instrument").exists():
            parser.error(
                f"--{name.replace('_', '-')}: no opentelemetry-instrument beside {python}; `make demo` installs it"
            )
        setattr(options, name, python)
    return options


if __name__ == "__main__":
    sys.exit(main())
