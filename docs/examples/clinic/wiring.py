"""What a request handler may ask for: a database session, the caller, the payment provider, the confirmations."""

from collections.abc import Iterator
from typing import Annotated

import httpx
from fastapi import Depends, Header, HTTPException, Request
from sqlalchemy import select
from sqlalchemy.orm import Session

from .confirmations import Confirmations
from .models import Patient
from .security import token_email


def database(request: Request) -> Iterator[Session]:
    """Give a session that commits when the request went well."""
    with request.app.state.sessions.begin() as session:
        yield session


Database = Annotated[Session, Depends(database)]


def patient_of(token: str, request: Request, session: Session) -> Patient:
    """Give the patient a token was issued to, or answer 401."""
    email = token_email(token, request.app.state.settings.token_key)
    patient = session.scalar(select(Patient).where(Patient.email == email)) if email else None
    if patient is None:
        raise HTTPException(401, "log in first")
    return patient


def current_patient(request: Request, session: Database, authorization: Annotated[str, Header()]) -> Patient:
    """Give the patient who sent `Authorization: Bearer …`, or answer 401."""
    return patient_of(authorization.removeprefix("Bearer "), request, session)


def payment_provider(request: Request) -> httpx.Client:
    """Give the client of the payment service."""
    client: httpx.Client = request.app.state.payments
    return client


def confirmation_queue(request: Request) -> Confirmations:
    """Give the background job that confirms bookings."""
    confirmations: Confirmations = request.app.state.confirmations
    return confirmations


CurrentPatient = Annotated[Patient, Depends(current_patient)]
PaymentProvider = Annotated[httpx.Client, Depends(payment_provider)]
ConfirmationQueue = Annotated[Confirmations, Depends(confirmation_queue)]
