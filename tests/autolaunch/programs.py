"""Small programs that the tests start as a user would."""

EMITTING = """
import logging, os, sys, time
from opentelemetry import trace
logging.getLogger("clinic").warning("hello zoe.canary@example.org")
with trace.get_tracer("t").start_as_current_span("s"):
    pass
time.sleep(float(os.environ.get("NAP", "0")))
print("the app ran")
"""

LATE = """
import sys
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import create_engine, text
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter

def app_with(engine):
    app = FastAPI()
    @app.get("/of/{who}")
    def of(who: str):
        with engine.connect() as connection:
            connection.execute(text("select 'zoe.canary@example.org'"))
        return {}
    return app

old_engine = create_engine("sqlite:///:memory:")
unstarted, running = app_with(old_engine), app_with(old_engine)
TestClient(running).get("/of/nobody")
if "own" in sys.argv:
    provider = TracerProvider()
    provider.add_span_processor(BatchSpanProcessor(ConsoleSpanExporter()))
    trace.set_tracer_provider(provider)

import discreet
report = discreet.configure(service_name="late", exporters=["console"])
assert discreet.configure() is report
print(report, file=sys.stderr)
made_later = app_with(create_engine("sqlite:///:memory:"))
for app in (unstarted, running, made_later):
    answer = TestClient(app).get("/of/zoe.canary@example.org")
    print("traceresponse", answer.headers["traceresponse"], file=sys.stderr)
"""

UNCOVERABLE = """
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import create_engine, text
from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor
from opentelemetry.instrumentation.sqlalchemy import engine as traced

app, engine = FastAPI(), create_engine("sqlite:///:memory:")
app.add_api_route("/", lambda: {})

import discreet
discreet.configure(exporters=["none"])

def fails(*args, **kwargs):
    raise RuntimeError("moved")

FastAPIInstrumentor.instrument_app = fails
traced.EngineTracer.__init__ = fails
for _ in range(2):
    print(TestClient(app).get("/").status_code)
    with engine.connect() as connection:
        print(connection.execute(text("select 1")).scalar())
"""
