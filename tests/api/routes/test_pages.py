"""The page to try a comment on: what is served; tests/integration/test_try_page.py uses it in a browser."""

from __future__ import annotations

import re

import pytest

PARTS = {"/": "text/html", "/pages/try.js": "text/javascript", "/pages/try.css": "text/css"}


@pytest.mark.parametrize("path", PARTS)
def test_every_part_is_served_with_its_type(client, path):
    response = client.get(path)
    assert response.status_code == 200
    assert response.headers["content-type"] == f"{PARTS[path]}; charset=utf-8"


@pytest.mark.parametrize("path", PARTS)
def test_the_page_runs_only_its_own_script_and_talks_only_to_its_own_server(client, path):
    headers = client.get(path).headers
    directives = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert directives["default-src"] == "'none'"
    for name in ("script-src", "style-src", "connect-src"):
        assert directives[name] == "'self'"
    for name in ("frame-ancestors", "base-uri", "form-action"):
        assert directives[name] == "'none'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_nothing_of_the_page_is_inline_or_from_elsewhere(client):
    html = client.get("/").text
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", html)
    assert "//" not in html.replace("<!doctype html>", "")
    assert "innerHTML" not in client.get("/pages/try.js").text
    assert not re.search(r"url\(|@import|https?:", client.get("/pages/try.css").text)


def test_every_id_that_the_script_looks_for_is_on_the_page(client):
    wanted = set(re.findall(r'find\("(\w+)"\)', client.get("/pages/try.js").text))
    assert wanted
    assert wanted <= set(re.findall(r'\bid="(\w+)"', client.get("/").text))


def test_every_label_has_a_name_and_a_colour(client):
    from moderation.labels import LABEL_NAMES

    script, style = client.get("/pages/try.js").text, client.get("/pages/try.css").text
    for label in LABEL_NAMES:
        assert f"  {label}: " in script
        assert f"mark.{label}" in style
