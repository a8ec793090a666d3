"""A service that writes a line for each order, twice a second; what of it is redacted changes with its file."""

import logging
import sys
import time

import discreet

if __name__ == "__main__":
    discreet.configure(exporters=["none"], instrument=False)
    logging.basicConfig(stream=sys.stdout, format="%(levelname)s %(message)s", level=logging.INFO)
    while True:
        logging.getLogger("orders").info("order of zoe@example.org, paid with 4111 1111 1111 1111")
        time.sleep(0.5)
