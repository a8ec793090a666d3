"""One pipeline redacted, another left as it is, without touching a class of OpenTelemetry."""
