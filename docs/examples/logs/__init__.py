"""Log lines as JSON, by the standard library, structlog and loguru."""
