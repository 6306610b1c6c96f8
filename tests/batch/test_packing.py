"""Comments in their places, to bytes and back."""

from __future__ import annotations

import pickle

from moderation.batch.packing import pack, unpack
from moderation.records import Archived, Article, Author, Comment, Situation
from moderation.threads.exports.places import Placed

LONG = "The bins are full, and they have been full for weeks. " * 20


def test_what_was_packed_comes_out():
    article = Article("Bins", "All about bins.", "https://blog.example/bins", "2014-03-05T10:11:12Z")
    whole = Comment("a", "1", Author("Jo", True), "0", article, "t", "2014-03-05T10:11:12Z", "Mo")
    chunk = [
        Placed(
            Archived(whole, "spam", "comment", ("akismet:spam",)),
            Situation("a", "b", article, ("c", "d"), "Mo", ("x", "y")),
        ),
        Placed(Archived(Comment("")), Situation("")),
        Placed(Archived(Comment("b", author=Author())), Situation("b", parent="")),
    ]
    assert unpack(pack(chunk)) == chunk
    assert unpack(pack([])) == []


def test_a_text_is_packed_once_whatever_it_is_to_others():
    first = Placed(Archived(Comment(LONG)), Situation(LONG))
    again = "".join(list(LONG))
    assert again is not LONG
    reply = Placed(Archived(Comment("No.")), Situation("No.", parent=again, earlier=(LONG,)))
    assert len(pack([first, reply])) < len(LONG) + 200 < len(pickle.dumps([LONG, again]))
