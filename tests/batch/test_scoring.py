"""Comments into scored records, chunk by chunk."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest

from moderation.batch import CHUNK, Job, Scored, score_all
from moderation.errors import ExportError, ModelError
from moderation.records import Archived, Comment, Situation
from moderation.scored import to_record
from moderation.threads.exports.places import Placed
from moderation.threads.situations import situations


def placed(comments: list[Comment]) -> list[Placed]:
    return [Placed(Archived(comment), place) for comment, place in zip(comments, situations(comments), strict=True)]


def many(count: int) -> list[Placed]:
    return [Placed(Archived(Comment(str(n), id=str(n))), Situation(str(n))) for n in range(count)]


def named(chunk) -> Scored:
    """A job that costs nothing: the ids, one a line."""
    return Scored(len(chunk), "".join(f"{one.archived.comment.id}\n" for one in chunk).encode())


def test_records_are_those_of_the_moderator_however_they_are_cut(small_moderator, monkeypatch):
    comments = [
        Comment(f"Comment number {n}, you idiot.", id=str(n), parent=str(n // 2), thread_id=f"t{n % 2}")
        for n in range(1, 12)
    ]
    job = Job("default", "barnet-eye")
    job.moderator = small_moderator
    expected = [to_record(verdict) for verdict in small_moderator.score(comments)]
    monkeypatch.setattr("moderation.batch.scoring.CHUNK", 4)
    chunks = list(score_all(placed(comments), job))
    assert [chunk.rows for chunk in chunks] == [4, 4, 3]
    assert [json.loads(line) for chunk in chunks for line in chunk.lines.splitlines()] == expected


@pytest.mark.parametrize("workers", [1, 2])
def test_chunks_come_in_order_and_none_is_lost(workers):
    chunks = list(score_all(many(7 * CHUNK + 3), named, workers))
    assert [chunk.rows for chunk in chunks] == [CHUNK] * 7 + [3]
    assert b"".join(chunk.lines for chunk in chunks).split() == [str(n).encode() for n in range(7 * CHUNK + 3)]


def test_what_is_done_is_skipped():
    assert b"".join(chunk.lines for chunk in score_all(many(9), named, skip=7)).split() == [b"7", b"8"]
    assert list(score_all(many(9), named, skip=9)) == []


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_of_the_export_comes_after_all_that_stands_before_it(workers):
    def broken():
        yield from many(CHUNK + 1)
        raise ExportError("broken", 5, 1)

    scored = score_all(broken(), named, workers)
    assert [next(scored).rows, next(scored).rows] == [CHUNK, 1]
    with pytest.raises(ExportError):
        next(scored)


def test_scoring_waits_until_it_is_asked():
    asked = []

    def watched():
        for one in many(3 * CHUNK):
            asked.append(one)
            yield one

    scored = score_all(watched(), named)
    assert next(scored).rows == CHUNK
    assert len(asked) == CHUNK


def test_a_job_travels_as_names_and_is_the_same_there():
    job = Job("default", "open", spans=False)
    raw = pickle.dumps(job)
    assert len(raw) < 20_000, "not the model"
    there = pickle.loads(raw)
    assert there.digest == job.digest
    assert there(many(2)) == job(many(2))
    assert b'"spans": []' in there(many(1)).lines


def test_a_job_is_refused_where_the_model_is_another():
    there = Job("default", "open", digest="another")
    with pytest.raises(ModelError, match="is another one in a worker, expected the same"):
        there(many(1))


def test_a_policy_travels_as_it_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("mine.toml").write_text(
        'name = "mine"\nappear = "immediately"\nsays = "x"\n\n[[rules]]\nid = "badgers"\nsays = "No badgers."\n'
        "pattern = 'badger'\naction = 'reject'\n",
        encoding="utf-8",
    )
    job = Job("default", "mine.toml")
    raw = pickle.dumps(job)
    assert Job("default", "mine.toml").digest == job.digest, "the same in another process"
    Path("mine.toml").unlink()
    there = pickle.loads(raw)
    chunk = placed([Comment("I saw a badger there.")])
    assert b'"badgers"' in there(chunk).lines
    assert there(chunk) == job(chunk)


def test_a_worker_without_the_model_says_so_in_an_error_that_travels():
    raw = pickle.dumps(Job("unknown", "open", digest="of a model that only others have"))
    there = pickle.loads(raw)
    assert pickle.loads(pickle.dumps(there)) is there, "whoever passes it on needs no model"
    with pytest.raises(
        ModelError, match=r"^a worker cannot score: unknown model 'unknown', expected one of default"
    ) as caught:
        there(many(1))
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
