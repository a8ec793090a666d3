"""Patients: register, find, check their insurance."""

import logging
from collections.abc import Sequence
from datetime import date
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from sqlalchemy import literal, select
from sqlalchemy.exc import IntegrityError

from .models import Patient
from .schemas import NewPatient, PatientView
from .security import hash_password
from .wiring import Database

logger = logging.getLogger(__name__)
router = APIRouter(prefix="/patients", tags=["patients"])


@router.post("", status_code=201, response_model=PatientView)
def register(form: NewPatient, session: Database) -> Patient:
    """Register a patient; an e-mail address or SSN that is known already is answered with 409."""
    details = form.model_dump(exclude={"password"})
    patient = Patient(**details, password_hash=hash_password(form.password))
    session.add(patient)
    try:
        session.flush()
    except IntegrityError as error:
        logger.exception(f"could not register {form.email}")
        raise HTTPException(409, "this patient is registered already") from error
    logger.info(
        f"registered {form.email} (ssn {form.ssn})",
        extra={"patient": {"id": patient.id, **details, "contact": {"phone": form.phone, "email": form.email}}},
    )
    return patient


@router.get("", response_model=list[PatientView])
def search(
    session: Database,
    email: Annotated[str | None, Query()] = None,
    phone: Annotated[str | None, Query()] = None,
    birth_date: Annotated[date | None, Query()] = None,
) -> Sequence[Patient]:
    """Find patients by any of e-mail address, phone number and birth date."""
    criteria = {Patient.email: email, Patient.phone: phone, Patient.birth_date: birth_date}
    query = select(Patient).where(*(column == wanted for column, wanted in criteria.items() if wanted))
    found = session.scalars(query).all()
    logger.info(f"search email={email} phone={phone} birth_date={birth_date} found {len(found)}")
    return found


@router.get("/by-email/{email}", response_model=PatientView)
def by_email(email: str, session: Database) -> Patient:
    """Find the patient with that e-mail address."""
    # The reporting replica has no prepared statements: the address is written into the SQL text.
    query = select(Patient).where(Patient.email == literal(email, literal_execute=True))
    patient = session.scalar(query)
    if patient is None:
        logger.warning("no patient with e-mail %s", email)
        raise HTTPException(404, f"no patient {email}")
    return patient


@router.get("/{patient_id}/eligibility")
def eligibility(patient_id: int, session: Database) -> dict[str, str]:
    """Ask the insurer whether the patient is covered."""
    patient = session.get_one(Patient, patient_id)
    return {"plan": _plan_of(patient.ssn)}


def _plan_of(ssn: str) -> str:
    """Give the insurer's plan. The insurer knows numbers that end in an even digit."""
    if int(ssn[-1]) % 2:
        raise ValueError(f"insurer does not know SSN {ssn}")
    return "basic"
