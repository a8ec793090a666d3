"""What belongs to a request: its correlation id, which is the trace id."""

from discreet.context.correlation import answer_with_trace_id, trace_id

__all__ = ["answer_with_trace_id", "trace_id"]
