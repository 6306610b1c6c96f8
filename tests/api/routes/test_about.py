"""What the service says about its policy and its model."""

from __future__ import annotations

from moderation.labels import LABEL_NAMES
from moderation.moderator import Moderator
from moderation.policy.reader import load_policy
from tests.conftest import DOCUMENTS


def test_the_policy_is_in_the_blogs_own_words(client):
    policy = client.get("/v1/policy").json()
    assert set(policy) == {"name", "says", "appear", "rules"}
    assert (policy["name"], policy["appear"]) == ("barnet-eye", "after moderation")
    words = " ".join(DOCUMENTS[3].read_text(encoding="utf-8").split())
    for rule in policy["rules"]:
        assert set(rule) == {"id", "says", "acts_on"}
        if rule["acts_on"].get("label") != "antisemitism_accusation":  # which breaks no rule of the blog
            assert rule["says"] in words, rule["id"]
    assert policy["says"] in words


def test_every_rule_says_what_it_acts_on(client):
    by_id = {rule["id"]: rule["acts_on"] for rule in client.get("/v1/policy").json()["rules"]}
    assert by_id["personal"]["label"] == "personal_attack"
    assert 0 < by_id["personal"]["hold"] < 1
    assert by_id["personal"].get("reject", 1.0) >= by_id["personal"]["hold"], "none where the model never rejects"
    assert by_id["registered"] == {"when_false": "reject", "when_unknown": "hold"}
    assert all(by_id.values())


def test_a_rule_with_a_pattern_shows_the_pattern(make_client, small_moderator, tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text(
        'name = "mine"\nappear = "immediately"\nsays = "Be kind."\n'
        '[[rules]]\nid = "bets"\nsays = "No betting."\npattern = "casino|betting"\naction = "reject"\n',
        encoding="utf-8",
    )
    client = make_client(moderator=Moderator(small_moderator.model, load_policy(str(file))))
    (rule,) = client.get("/v1/policy").json()["rules"]
    assert rule["acts_on"] == {"pattern": "casino|betting", "action": "reject"}


def test_the_model_is_what_its_json_says(make_client, shipped_moderator):
    about = make_client(moderator=shipped_moderator).get("/v1/model").json()
    assert about == shipped_moderator.model.about
    assert about["labels"] == list(LABEL_NAMES)
