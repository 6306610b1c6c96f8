"""Settings: what the service may start with."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from api.settings import MIN_KEY_LENGTH, Settings, is_loopback
from moderation import SettingsError
from tests.api.conftest import KEY


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "[::1]", "localhost"])
def test_loopback_needs_no_key(host):
    assert is_loopback(host)
    Settings(host=host).check()


@pytest.mark.parametrize(
    "host",
    # An empty host binds to every address; names resolve to whatever the network says.
    ["0.0.0.0", "::", "192.168.1.5", "10.0.0.1", "fe80::1", "example.org", "localhost.example.org", "", "127.1"],
)
def test_any_other_address_needs_a_key(host):
    assert not is_loopback(host)
    with pytest.raises(SettingsError, match="MODERATION_API_KEY") as caught:
        Settings(host=host).check()
    assert "\n" not in str(caught.value)
    Settings(host=host, api_key=SecretStr(KEY)).check()


@pytest.mark.parametrize("key", ["", "x", "x" * (MIN_KEY_LENGTH - 1)])
def test_a_short_key_is_refused_even_on_loopback_and_not_repeated(key):
    with pytest.raises(SettingsError, match=f"has {len(key)} characters, expected at least {MIN_KEY_LENGTH}"):
        Settings(api_key=SecretStr(key)).check()


def test_everything_comes_from_the_environment(monkeypatch):
    for name, value in {"HOST": "0.0.0.0", "PORT": "81", "MODEL": "mine", "POLICY": "open", "API_KEY": KEY}.items():
        monkeypatch.setenv(f"MODERATION_{name}", value)
    monkeypatch.setenv("MODERATION_ALLOWED_HOSTS", "blog.example, www.blog.example,")
    settings = Settings.from_environment()
    settings.check()
    assert (settings.host, settings.port, settings.model, settings.policy) == ("0.0.0.0", 81, "mine", "open")
    assert settings.allowed_hosts == ["blog.example", "www.blog.example"]
    assert settings.api_key is not None
    assert settings.api_key.get_secret_value() == KEY
    assert KEY not in repr(settings)


def test_an_empty_variable_is_no_key(monkeypatch):
    monkeypatch.setenv("MODERATION_API_KEY", "")
    assert Settings.from_environment().api_key is None


@pytest.mark.parametrize(("name", "value"), [("PORT", "eighty"), ("PORT", "70000"), ("PORT", "-1")])
def test_a_wrong_value_is_one_line_that_names_the_variable(monkeypatch, name, value):
    monkeypatch.setenv(f"MODERATION_{name}", value)
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment()
    assert str(caught.value).startswith(f"MODERATION_{name}: ")
    assert "\n" not in str(caught.value)
