"""A service whose start-up probe asks the doctor.

Look into it with `discreet doctor -- opentelemetry-instrument uvicorn doctor.app:app` in docs/examples.
"""

from fastapi import FastAPI, Response

import discreet

app = FastAPI(title="Shop")


@app.get("/orders/{customer}")
def orders(customer: str) -> dict[str, str]:
    """Say something about a customer, whose address stands in the URL."""
    return {"customer": customer, "state": "on its way"}


@app.get("/startup")
def startup(response: Response) -> dict[str, object]:
    """Answer 200 once everything is guarded, 503 otherwise; a plain `def`, so it runs beside the event loop."""
    report = discreet.doctor()
    response.status_code = 200 if report.healthy else 503
    return {"healthy": report.healthy, "problems": [str(problem) for problem in report.problems]}
