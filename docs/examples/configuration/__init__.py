"""One configuration for development, tests and production."""
