"""The other service: it charges cards, and keeps a journal of the headers each caller sent.

Run it as a second process: `uvicorn clinic.payment_service:app --port 8001`.
"""

from collections import deque

from fastapi import FastAPI, HTTPException, Request
from pydantic import BaseModel

app = FastAPI(title="Payments")
journal: deque[dict[str, str]] = deque(maxlen=1000)


class Charge(BaseModel):
    """A card to charge."""

    card: str
    expiry: str


@app.post("/charges", status_code=201)
def charge(form: Charge, receipt_to: str, request: Request) -> dict[str, str]:
    """Charge a card; one that expired is declined."""
    journal.append(dict(request.headers))
    if form.expiry.endswith("/20"):
        raise HTTPException(402, f"card {form.card} has expired")
    return {"receipt": f"R{len(journal):06}", "sent_to": receipt_to}


@app.get("/journal")
def read_journal() -> list[dict[str, str]]:
    """List the headers of the calls so far, for support."""
    return list(journal)
