"""Appointments: book one, list one's own."""

import logging
from collections.abc import Sequence

from fastapi import APIRouter, Request
from sqlalchemy import select

from .confirmations import Confirmation
from .models import Appointment
from .schemas import AppointmentView, NewAppointment
from .wiring import ConfirmationQueue, CurrentPatient, Database, patient_of

logger = logging.getLogger(__name__)
router = APIRouter(prefix="/appointments", tags=["appointments"])


@router.post("", status_code=201, response_model=AppointmentView)
def book(
    form: NewAppointment, patient: CurrentPatient, session: Database, confirmations: ConfirmationQueue
) -> Appointment:
    """Book a visit, and have it confirmed."""
    appointment = Appointment(patient=patient, day=form.day, reason=form.reason, paid=False)
    session.add(appointment)
    session.flush()
    logger.info("booked %s for %s", appointment.day, {"email": patient.email, "phone": patient.phone})
    confirmations.put(Confirmation(patient.email, patient.phone, form.day))
    return appointment


@router.get("/calendar", response_model=list[AppointmentView])
def calendar(token: str, request: Request, session: Database) -> Sequence[Appointment]:
    """List one's visits; calendar programs can send no header, so the token is in the address."""
    patient = patient_of(token, request, session)
    return session.scalars(select(Appointment).where(Appointment.patient_id == patient.id)).all()
