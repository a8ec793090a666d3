"""Every dashboard."""

from __future__ import annotations

from deploy.dashboards.capacity import CAPACITY
from deploy.dashboards.collector import COLLECTOR
from deploy.dashboards.overview import OVERVIEW
from deploy.dashboards.redaction import REDACTION
from deploy.dashboards.requests import REQUESTS
from deploy.dashboards.security import SECURITY

DASHBOARDS = (OVERVIEW, REQUESTS, CAPACITY, REDACTION, SECURITY, COLLECTOR)
