"""Metrics of process and host by psutil, and of our own work."""

from discreet.metrics.counts import COUNTS
from discreet.metrics.host import register_host_metrics
from discreet.metrics.self_observation import register_self_observation, report_state

__all__ = ["COUNTS", "register_host_metrics", "register_self_observation", "report_state"]
