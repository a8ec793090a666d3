"""Where the clinic finds its database and its payment provider: two environment variables."""

import os
import secrets
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Settings:
    """What differs between a laptop and production."""

    database_url: str = "sqlite:///clinic.db"
    payment_url: str = "http://127.0.0.1:8001"
    token_key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    @classmethod
    def from_environment(cls) -> "Settings":
        """Read `CLINIC_DATABASE_URL` (SQLite or `postgresql+psycopg://…`) and `CLINIC_PAYMENT_URL`."""
        return cls(
            database_url=os.environ.get("CLINIC_DATABASE_URL", cls.database_url),
            payment_url=os.environ.get("CLINIC_PAYMENT_URL", cls.payment_url),
        )
