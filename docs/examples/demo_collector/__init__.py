"""The clinic through a real OpenTelemetry Collector, Prometheus and Alertmanager, until alerts fire and resolve."""
