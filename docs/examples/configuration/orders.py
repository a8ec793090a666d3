"""An app that writes one line; what of it is redacted, the file that DISCREET_CONFIG names decides."""

import logging
import sys

import discreet

if __name__ == "__main__":
    discreet.configure(exporters=["none"], instrument=False)
    logging.basicConfig(stream=sys.stdout, format="%(message)s", level=logging.INFO)
    logging.getLogger("orders").info("ORD-104233 of zoe@example.org, paid with 4111 1111 1111 1111")
