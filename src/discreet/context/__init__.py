"""What belongs to a record through its context: class, user, request, and the correlation id, which is the trace id."""

from discreet.context.bound import Binding
from discreet.context.classified import classify
from discreet.context.correlation import answer_with_trace_id, trace_id
from discreet.context.identity import UserBinding, user
from discreet.context.responding import TraceResponseMiddleware, TraceResponseWSGIMiddleware

__all__ = [
    "Binding",
    "TraceResponseMiddleware",
    "TraceResponseWSGIMiddleware",
    "UserBinding",
    "answer_with_trace_id",
    "classify",
    "trace_id",
    "user",
]
