"""The image from which the OpenTelemetry operator copies Discreet into pods."""
