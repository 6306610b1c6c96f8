"""The page at `/` in a real browser: a comment and its article go in, the verdict is there to see."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support.ui import Select, WebDriverWait

from moderation.labels import LABEL_NAMES
from tests.integration.conftest import COMMAND
from tests.integration.serving import PATIENCE, environment, serving

pytestmark = pytest.mark.integration

WIDE, NARROW = (1280, 900), (400, 800)
INSULT = "You are a disgusting liar and an idiot. Shut up, you stupid moron."
ARTICLE = "The council said on Monday that the bins in the north of the borough will be emptied two days late."
QUOTE = "Comments of a personal, abusive, spam or unrelated to the topic will not appear and will be deleted."
KEY = "correct-horse-battery-staple"


@pytest.fixture(scope="module")
def browser(tmp_path_factory) -> Iterator[WebDriver]:
    options = Options()
    binary = shutil.which("chromium")
    assert binary, "run tests/integration/install.sh"
    options.binary_location = binary
    for flag in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-quic",
        "--no-proxy-server",
        f"--user-data-dir={tmp_path_factory.mktemp('profile')}",
    ):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    yield driver
    driver.quit()


class Page:
    """The page, by what a person does with it and sees on it."""

    def __init__(self, driver: WebDriver, url: str, shots: Path) -> None:
        self.driver = driver
        self._shots = shots
        driver.set_window_size(*WIDE)
        driver.get(url)

    def paste(self, **fields: str) -> None:
        """Put text into fields as a paste does: typing is limited to what a keyboard has."""
        for name, text in fields.items():
            script = "arguments[0].value = arguments[1]"
            self.driver.execute_script(script, self.driver.find_element(By.ID, name), text)

    def judge(self, **fields: str) -> None:
        """Paste, press the button, and wait for an answer."""
        self.paste(**fields)
        self.driver.find_element(By.CSS_SELECTOR, "button[type=submit]").click()
        self.wait(lambda _: self.seen("verdict") or self.seen("problem"))

    def wait(self, until: Callable[[WebDriver], object]) -> None:
        WebDriverWait(self.driver, PATIENCE).until(until)

    def seen(self, name: str) -> bool:
        return self.driver.find_element(By.ID, name).is_displayed()

    def text(self, name: str) -> str:
        return self.driver.find_element(By.ID, name).text

    def texts(self, selector: str) -> list[str]:
        return [element.text for element in self.driver.find_elements(By.CSS_SELECTOR, selector)]

    def shoot(self, name: str) -> None:
        """Save what is seen, the whole page, for a person to look at."""
        for width, least in (WIDE, NARROW):
            self.driver.set_window_size(width, least)
            height = self.driver.execute_script("return document.documentElement.scrollHeight") + 150
            self.driver.set_window_size(width, max(least, height))
            assert self.driver.save_screenshot(str(self._shots / f"{name}-{width}.png"))
        self.driver.set_window_size(*WIDE)


@pytest.fixture
def page(browser, server, tmp_path) -> Iterator[Page]:
    browser.get_log("browser")
    yield Page(browser, server.url, tmp_path)
    # A refused request is an entry of the console too; an error of the page's own script or policy must not be.
    troubles = [entry for entry in browser.get_log("browser") if "/v1/score" not in entry["message"]]
    assert troubles == []


def test_a_verdict_with_its_quote_its_words_and_its_scores(page):
    page.shoot("empty")
    assert page.seen("empty")
    page.judge(text=INSULT, title="Bins late again", article=ARTICLE)
    assert page.text("decision") == "Reject"
    assert page.text("suggestion") == "The scores alone suggest: reject."
    assert page.texts("#rules q").count(QUOTE) == 1, "a sentence behind several rules is quoted once"
    assert page.text("words") == INSULT
    assert "idiot" in page.texts("#words mark.personal_attack")
    assert len(page.texts("#scores tr")) == len(LABEL_NAMES)
    assert all(0 <= float(score) <= 1 for score in page.texts("#scores td:last-child"))
    assert page.text("source") == "Model default, policy barnet-eye."
    assert not page.seen("empty")
    assert not page.seen("problem")
    page.shoot("verdict")


def test_without_article_or_thread_off_topic_has_no_score(page):
    page.judge(text="I like trains.")
    rows = page.texts("#scores tr")
    assert rows[LABEL_NAMES.index("off_topic")].split("\n")[0].startswith("off topic nothing to compare with")
    page.shoot("no-article")


@pytest.mark.parametrize(
    "before", ["🦓🦓🦓 ", "👩‍👩‍👧 ", "e\u0301 ", "🇬🇧 "], ids=["zebras", "family", "combining", "flag"]
)
def test_an_emoji_before_the_insult_does_not_shift_the_words(page, before):
    page.judge(text=INSULT)
    plain = page.texts("#words mark")
    page.judge(text=before + INSULT)
    marked = page.texts("#words mark")
    assert "idiot" in marked
    assert set(marked) & set(plain)
    assert all(word in before or re.fullmatch(rf".*\b{re.escape(word)}\b.*", INSULT) for word in marked), marked
    assert page.text("words") == (before + INSULT)
    page.shoot("emoji")


@pytest.mark.parametrize(
    "text",
    [
        "<img src=x onerror=\"document.title='taken'\"> you idiot",
        "<script>document.title='taken'</script> you idiot",
        "</p></section><h1>you idiot</h1><style>*{display:none}</style>",
        "&lt;b&gt; {{constructor.constructor('alert(1)')()}} you idiot",
    ],
)
def test_hostile_text_stays_text(page, text):
    page.judge(text=text, title=text, article=text, parent=text)
    assert page.text("words") == text
    assert page.driver.title == "Try a comment"
    assert page.texts("#words img, #words script, #words h1, #words style") == []
    page.shoot("hostile")


def test_line_breaks_and_long_words_stay_on_the_page(page):
    text = "First line, you idiot.\n\n  Third line.\n" + "a" * 300 + "\n" + "https://example.org/" + "b" * 200
    page.judge(text=text, article=ARTICLE)
    assert page.text("words").splitlines()[0] == "First line, you idiot."
    for width in (WIDE[0], NARROW[0]):
        page.driver.set_window_size(width, 900)
        overflow = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.driver.execute_script(overflow) <= 0, width
    page.shoot("long")


def test_what_the_service_refuses_is_said(page):
    page.judge(text="   \n ")
    assert page.text("problem") == "text: is empty, expected at least one visible character"
    assert not page.seen("verdict")
    page.shoot("problem")
    page.judge(text="é" * 10_001)
    assert page.text("problem") == "text: is 20,002 bytes, expected at most 20,000"
    page.judge(text="Thank you for this report.")
    assert not page.seen("problem")
    assert page.seen("verdict")


def test_nothing_is_sent_while_the_comment_is_empty(page):
    page.driver.find_element(By.CSS_SELECTOR, "button[type=submit]").click()
    assert page.seen("empty")
    assert not page.seen("problem")
    assert page.driver.execute_script("return document.getElementById('text').validity.valueMissing")


def test_who_is_registered_changes_the_verdict(page):
    fired = {}
    for choice in ("true", "false", ""):
        Select(page.driver.find_element(By.ID, "registered")).select_by_value(choice)
        page.judge(text="Thank you for this report.", article=ARTICLE)
        fired[choice] = (
            page.text("decision"),
            "Only comments from Registered users allowed" in " ".join(page.texts("#rules q")),
        )
    assert fired["false"] == ("Reject", True)
    assert fired[""][1]
    assert not fired["true"][1]


def test_the_keyboard_is_enough(page):
    keys = ActionChains(page.driver)
    page.driver.find_element(By.ID, "text").send_keys("you idiot")
    keys.send_keys(Keys.TAB * 5, Keys.ENTER).perform()  # reply, title, article, author, button
    page.wait(lambda _: page.seen("verdict"))
    assert page.text("words") == "you idiot"


def test_a_service_with_a_key_asks_for_it(browser, tmp_path):
    with serving(COMMAND, env=environment(MODERATION_API_KEY=KEY)) as server:
        page = Page(browser, server.url, tmp_path)
        assert not page.seen("key")
        page.judge(text="Thank you for this report.")
        assert page.text("problem") == "This service wants its API key: fill it in and try again."
        assert page.seen("key")
        page.shoot("key")
        page.judge(key=KEY)
        assert page.seen("verdict")
