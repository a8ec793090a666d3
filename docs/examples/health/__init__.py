"""A worker that is no web app, with health checks of its own, on a port of the loopback interface."""
