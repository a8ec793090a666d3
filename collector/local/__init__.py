"""The collector, Prometheus, Alertmanager and a webhook on free loopback ports: for tests and for the demonstration."""
