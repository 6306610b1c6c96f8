"""Settings of the service, from the environment: `MODERATION_HOST`, `MODERATION_API_KEY` and so on."""

from __future__ import annotations

import ipaddress
from typing import Annotated, Self

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from moderation.errors import SettingsError

MIN_KEY_LENGTH = 16
"""Characters of an API key: 16 random ones are beyond guessing over a network."""


class Settings(BaseSettings):
    """`allowed_hosts`, separated by commas, are the names answered beside the loopback ones, behind a proxy for instance."""

    model_config = SettingsConfigDict(env_prefix="MODERATION_", env_ignore_empty=True)

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65_535)
    model: str = "serving"
    policy: str = "barnet-eye"
    api_key: SecretStr | None = None
    allowed_hosts: Annotated[list[str], NoDecode] = Field(default_factory=list)

    @field_validator("allowed_hosts", mode="before")
    @classmethod
    def _split(cls, given: object) -> object:
        return [name.strip() for name in given.split(",") if name.strip()] if isinstance(given, str) else given

    @classmethod
    def from_environment(cls) -> Self:
        """Return the settings of the environment.

        Raises:
            SettingsError: a variable has a value that it cannot have; the value is not repeated.
        """
        try:
            return cls()
        except ValidationError as error:
            first = error.errors()[0]
            raise SettingsError(f"MODERATION_{str(first['loc'][0]).upper()}: {first['msg'].lower()}") from None

    def check(self) -> None:
        """Refuse to be reachable from elsewhere without a key.

        Raises:
            SettingsError: the host is not loopback and there is no key, or the key is too short.
        """
        key = self.api_key.get_secret_value() if self.api_key else ""
        if self.api_key is not None and len(key) < MIN_KEY_LENGTH:
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
