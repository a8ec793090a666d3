"""What the clinic's callers send, and what they get back."""

from datetime import date

from pydantic import BaseModel, ConfigDict


class NewPatient(BaseModel):
    """The registration form."""

    name: str
    birth_date: date
    ssn: str
    email: str
    phone: str
    password: str


class PatientView(BaseModel):
    """A patient as the front desk sees them."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str
    birth_date: date
    email: str
    phone: str


class Credentials(BaseModel):
    """What a patient types to log in."""

    email: str
    password: str


class Session(BaseModel):
    """The answer to a login."""

    token: str


class NewAppointment(BaseModel):
    """A wish for a visit."""

    day: date
    reason: str


class AppointmentView(BaseModel):
    """A booked visit."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    day: date
    reason: str
    paid: bool


class CardPayment(BaseModel):
    """The payment form."""

    appointment_id: int
    card_number: str
    expiry: str


class Receipt(BaseModel):
    """The answer to a payment."""

    receipt: str
