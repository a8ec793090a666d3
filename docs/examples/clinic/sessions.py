"""Logging in."""

import logging

from fastapi import APIRouter, HTTPException, Request
from sqlalchemy import select

from .models import Patient
from .schemas import Credentials, Session
from .security import issue_token, password_matches
from .wiring import Database

logger = logging.getLogger("security.sessions")
router = APIRouter(prefix="/sessions", tags=["sessions"])


@router.post("", status_code=201)
def log_in(form: Credentials, request: Request, session: Database) -> Session:
    """Answer the right password with a token."""
    patient = session.scalar(select(Patient).where(Patient.email == form.email))
    if patient is None or not password_matches(form.password, patient.password_hash):
        logger.warning(f"login failed: email={form.email} password={form.password}")
        raise HTTPException(401, "wrong e-mail address or password")
    token = issue_token(form.email, request.app.state.settings.token_key)
    logger.info(f"login of {form.email}, sending Authorization: Bearer {token}", extra={"session_token": token})
    return Session(token=token)
