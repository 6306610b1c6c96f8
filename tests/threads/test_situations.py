"""Comments in their place."""

from __future__ import annotations

from moderation.limits import MAX_EARLIER
from moderation.records import Author, Comment
from moderation.threads.situations import situations


def test_a_parent_is_an_id_of_the_batch_or_a_text():
    places = situations([Comment("a", id="1"), Comment("b", parent="1"), Comment("c", parent="You are wrong.")])
    assert [place.parent for place in places] == [None, "a", "You are wrong."]


def test_ids_are_looked_up_in_the_own_thread_first():
    comments = [
        Comment("first of one", id="1", thread_id="one"),
        Comment("first of two", id="1", thread_id="two"),
        Comment("reply", id="2", parent="1", thread_id="two"),
    ]
    assert situations(comments)[2].parent == "first of two"


def test_a_comment_is_not_its_own_parent():
    assert situations([Comment("a", id="1", parent="1")])[0].parent is None


def test_a_thread_is_seen_as_far_as_it_had_come():
    comments = [Comment(str(number), thread_id="t") for number in range(MAX_EARLIER + 5)]
    places = situations(comments)
    assert places[0].earlier == ()
    assert places[2].earlier == ("0", "1")
    assert places[-1].earlier == tuple(str(number) for number in range(4, MAX_EARLIER + 4))
    assert situations([Comment("a"), Comment("b")])[1].earlier == (), "no thread named, none seen"


def test_a_parent_is_never_found_in_another_thread():
    comments = [Comment("A one", id="1", thread_id="A"), Comment("B reply", id="2", parent="1", thread_id="B")]
    assert situations(comments)[1].parent == "1"


def test_who_wrote_before_and_who_is_replied_to_are_known():
    comments = [
        Comment("a", id="1", author=Author("Petra"), thread_id="t"),
        Comment("b", id="2", author=Author("Jo"), thread_id="t", parent="1"),
        Comment("c", id="3", author=Author("Jo"), thread_id="t", parent="Something else.", parent_author="Ann"),
    ]
    places = situations(comments)
    assert [place.parent_author for place in places] == [None, "Petra", "Ann"]
    assert [place.names for place in places] == [(), ("Petra",), ("Petra",)]
