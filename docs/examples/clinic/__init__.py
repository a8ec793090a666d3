"""A small clinic service: it registers patients, books visits and takes payments, and knows nothing of telemetry."""
