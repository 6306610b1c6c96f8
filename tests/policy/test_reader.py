"""Policies: what compiles, and what is refused with file and line."""

from __future__ import annotations

import pytest

from moderation.errors import PolicyError, UnknownNameError
from moderation.policy.reader import load_policy, read_policy, shipped
from moderation.policy.rules import judge
from moderation.records import Author, Comment
from moderation.threads.page import read_page
from tests.conftest import DOCUMENTS

HEAD = 'name = "mine"\nappear = "immediately"\nsays = "Comments appear at once."\n'
RULE = '[[rules]]\nid = "a"\nsays = "No links."\n'


def test_the_default_quotes_the_blogs_own_words():
    policy = load_policy("barnet-eye")
    stated = read_page(DOCUMENTS[3]).policy_text
    assert policy.says in stated
    for rule in policy.rules:
        assert rule.says in stated
    assert policy.after_moderation


def test_every_shipped_policy_compiles():
    assert shipped() == ["barnet-eye", "open"]
    for name in shipped():
        assert load_policy(name).name == name


def test_an_unknown_name_suggests_the_nearest():
    with pytest.raises(UnknownNameError, match="did you mean 'barnet-eye'"):
        load_policy("barneteye")


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("name = \n", 1, "is not TOML"),
        ('name = "x"\ntitle = "y"\n', 2, "unknown key 'title'"),
        (HEAD.replace("immediately", "imediately"), 2, "did you mean 'immediately'"),
        ('name = "x"\nsays = "y"\n', 1, "has no 'appear'"),
        ('appear = "immediately"\nsays = "y"\n', 1, "'name' is missing"),
        (HEAD + RULE + 'label = "persnal_attack"\nhold = 0.5\n', 7, "did you mean 'personal_attack'"),
        (HEAD + RULE + 'label = "spam"\nhold = 1.5\n', 8, "hold is 1.5, expected a number from 0 to 1"),
        (HEAD + RULE + 'label = "spam"\nreject = -0.1\n', 8, "reject is -0.1"),
        (HEAD + RULE + 'label = "spam"\nhold = "high"\n', 8, "hold is 'high', expected a number from 0 to 1"),
        (HEAD + RULE + 'label = "spam"\nhold = nan\n', 8, "hold is nan"),
        (HEAD + RULE + 'label = "spam"\nhold = true\n', 8, "hold is True"),
        (HEAD + RULE + 'label = "spam"\nhold = 0.9\nreject = 0.8\n', 8, "hold 0.9 is above reject 0.8"),
        (HEAD + RULE + 'label = "spam"\n', 7, "rule does nothing"),
        (HEAD + RULE + 'label = "spam"\nhold = 0.5\nholdd = 1\n', 9, "did you mean 'hold'"),
        (HEAD + RULE + 'pattern = "(a"\naction = "hold"\n', 7, "bad pattern"),
        (HEAD + RULE + "pattern = '(a)\\1'\naction = \"hold\"\n", 7, "bad pattern"),
        (HEAD + RULE + 'pattern = "a"\naction = "delete"\n', 8, "unknown action 'delete'"),
        (HEAD + RULE + 'pattern = "a"\n', 4, "has no 'action'"),
        (HEAD + RULE + 'fact = "link"\nmost = 1\naction = "hold"\n', 7, "did you mean 'links'"),
        (HEAD + RULE + 'fact = "links"\nmost = -1\naction = "hold"\n', 8, "most is -1"),
        (HEAD + RULE + 'fact = "registered"\n', 7, "rule does nothing"),
        (HEAD + RULE, 5, "rule has 0 of 'label', 'fact' and 'pattern'"),
        (HEAD + '[[rules]]\nid = "a"\nlabel = "spam"\nhold = 0.5\n', 4, "'says' is missing"),
        (HEAD + (RULE + 'label = "spam"\nhold = 0.5\n') * 2, 10, "rule id 'a' occurs twice"),
        (HEAD + 'rules = "none"\n', 4, "'rules' is no list of tables"),
        (HEAD + "rules = [{}]\n", 4, "expected [[rules]] before each"),
        (HEAD, 1, "has no rules"),
        (HEAD + RULE.replace('"a"', '"moderated"') + 'label = "spam"\nhold = 0.5\n', 5, "'moderated' is taken"),
        ("a = " + "[" * 5000, 1, "is not TOML"),
        (HEAD + RULE + f'label = "spam"\nhold = {"9" * 5000}\n', 1, "is not TOML"),
    ],
)
def test_what_is_wrong_is_said_with_file_and_line(tmp_path, text, line, message):
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        load_policy(str(path))
    assert str(caught.value).startswith(f"{path}:{line}: "), str(caught.value)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_cannot_be_read(tmp_path):
    with pytest.raises(PolicyError, match="no such file"):
        read_policy(tmp_path / "none.toml")
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(PolicyError, match="not UTF-8"):
        read_policy(tmp_path / "binary.toml")


def test_facts_and_patterns(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(
        HEAD
        + RULE + 'fact = "links"\nmost = 1\naction = "hold"\n'
        + RULE.replace('"a"', '"b"') + 'fact = "length"\nmost = 30\naction = "reject"\n'
        + RULE.replace('"a"', '"c"') + "pattern = '(?i)buy\\s+now'\naction = \"reject\"\n",
        encoding="utf-8",
    )  # fmt: skip
    policy = load_policy(str(path))

    def fired(text):
        return {rule.id: rule.action for rule in judge(policy, Comment(text), {}).rules}

    assert fired("Short and fine.") == {}
    assert fired("http://a.b www.c.d") == {"a": "hold"}
    assert fired("x" * 31) == {"b": "reject"}
    assert fired("BUY  now") == {"c": "reject"}


def test_a_hostile_text_cannot_stall_a_pattern(tmp_path):
    """RE2 takes time linear in the text, where a backtracking engine would not come back."""
    path = tmp_path / "mine.toml"
    path.write_text(HEAD + RULE + 'pattern = "(a+)+$"\naction = "reject"\n', encoding="utf-8")
    policy = load_policy(str(path))
    assert judge(policy, Comment("a" * 20_000 + "!", author=Author()), {}).decision == "publish"
