"""Paying for a visit by card, through the payment service."""

import logging

import httpx
from fastapi import APIRouter, HTTPException

from .models import Appointment
from .schemas import CardPayment, Receipt
from .wiring import CurrentPatient, Database, PaymentProvider

logger = logging.getLogger(__name__)
router = APIRouter(prefix="/payments", tags=["payments"])


class PaymentDeclinedError(Exception):
    """The payment service refused a card."""


@router.post("", status_code=201)
def pay(form: CardPayment, patient: CurrentPatient, session: Database, provider: PaymentProvider) -> Receipt:
    """Charge the card and mark the visit as paid; a declined card is answered with 402."""
    appointment = session.get_one(Appointment, form.appointment_id)
    logger.info(f"charging card {form.card_number}", extra={"payment": form.model_dump()})
    try:
        receipt = _charge(form, patient.email, provider)
    except PaymentDeclinedError as error:
        logger.exception("payment declined")
        raise HTTPException(402, "the card was declined") from error
    appointment.paid = True
    return Receipt(receipt=receipt)


def _charge(form: CardPayment, email: str, provider: httpx.Client) -> str:
    """Give the number of the receipt, which the payment service mails to the patient."""
    card = {"card": form.card_number, "expiry": form.expiry}
    answer = provider.post("/charges", params={"receipt_to": email}, json=card)
    if answer.is_error:
        raise PaymentDeclinedError(f"card {form.card_number} of {email}: {answer.text}")
    return str(answer.json()["receipt"])
