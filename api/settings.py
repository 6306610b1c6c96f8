"""Settings of the service, from the environment: `MODERATION_HOST`, `MODERATION_API_KEY` and so on."""

from __future__ import annotations

import ipaddress

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from moderation.errors import SettingsError

MIN_KEY_LENGTH = 16
"""Characters of an API key: 16 random ones are beyond guessing over a network."""


class Settings(BaseSettings):
    """`allowed_hosts` are the Host headers answered beside the loopback names, behind a reverse proxy for instance."""

    model_config = SettingsConfigDict(env_prefix="MODERATION_", env_ignore_empty=True)

    host: str = "127.0.0.1"
    port: int = 8000
    model: str = "default"
    policy: str = "barnet-eye"
    api_key: SecretStr | None = None
    allowed_hosts: list[str] = Field(default_factory=list)

    def check(self) -> None:
        """Refuse to be reachable from elsewhere without a key.

        Raises:
            SettingsError: the host is not loopback and there is no key, or the key is too short.
        """
        key = self.api_key.get_secret_value() if self.api_key else ""
        if self.api_key and len(key) < MIN_KEY_LENGTH:
            raise SettingsError(f"MODERATION_API_KEY has {len(key)} characters, expected at least {MIN_KEY_LENGTH}")
        if not is_loopback(self.host) and not key:
            raise SettingsError(
                f"host {self.host!r} can be reached from other machines: set MODERATION_API_KEY, "
                "or bind to 127.0.0.1, ::1 or localhost"
            )


def is_loopback(host: str) -> bool:
    """Whether an address to bind to is reached from this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
