"""What a page prints around its article and comments: datelines, sign-in forms, comment policies, embedded tweets."""

from __future__ import annotations

import re
from datetime import datetime

from moderation.records import Quotation

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_US_DATE = re.compile(rf"^((?:{_MONTHS}) \d{{1,2}}, \d{{4}})(?: (\d{{1,2}}:\d{{2}}))?")
_CREDIT_DATE = re.compile(rf"^[^.!?]{{2,60}}, (?:\w+day )?(\d{{1,2}})(?:st|nd|rd|th)? ({_MONTHS}) (\d{{4}})$")
_TWEET_CREDIT = re.compile(rf"^(?:—|–|--) (.{{1,80}}?) \((@\w{{1,15}})\) ((?:{_MONTHS}) \d{{1,2}}, \d{{4}})$")
_REPLY_FORM = re.compile(r"^(?:leave a (?:reply|comment)(?: cancel reply)?|post a comment)$", re.IGNORECASE)
_COMMENT_COUNT = re.compile(
    r"^(?:no|\d{1,6}) (?:comments?|responses?|thoughts?)(?::|$| (?:on|to) .{1,80}$)", re.IGNORECASE
)
_SIGN_IN = re.compile(r"^you are commenting using your (?:(.{1,30}?) )?account\b", re.IGNORECASE)
_FORM_END = re.compile(r"^(?:connecting to %s|cancel|post comment|submit|notify me of .{1,60})$", re.IGNORECASE)
# Two patterns, and not one with `.*` between them: a line of nothing but "comment" would be read once for each.
_POLICY_SUBJECT = re.compile(r"\bcomments?\b", re.IGNORECASE)
_POLICY_VERB = re.compile(r"\b(?:moderat|appear|allowed|delet|remov|publish|abusive|register)", re.IGNORECASE)
_REGISTERED_USERS = re.compile(r"\bregistered users\b", re.IGNORECASE)
_REGISTERED_ONLY = re.compile(r"\bonly\b.{0,60}\bregistered\b|\bregistered (?:users|members) only\b", re.IGNORECASE)

_MAX_FORM_WORDS = 25
"""A longer line below the heading of a form is a paragraph, not a label of the form."""

SITE_ACCOUNT = "site account"
"""The way to sign in that a form prints without a name: the account of the site itself."""

REGISTERED = "registered users"


def leading_date(line: str) -> tuple[str | None, str]:
    """Return the ISO date or date-time at the start of a line ("February 6, 2020 15:57The ...") and the rest of it."""
    found = _US_DATE.match(line)
    if not found:
        return None, line
    day, clock = found.groups()
    rest = line[found.end() :]
    if not clock and rest and not rest[0].isupper():
        return None, line  # a sentence that begins with a date
    try:
        moment = datetime.strptime(f"{day} {clock or '00:00'}", "%B %d, %Y %H:%M")  # noqa: DTZ007 - no zone is stated
    except ValueError:
        return None, line
    return (moment.isoformat() if clock else moment.date().isoformat()), rest


def credit_date(line: str) -> str | None:
    """Return the ISO date of a line that credits the source ("Politics Home, Sunday 8th January 2017"), or None."""
    found = _CREDIT_DATE.match(line)
    if not found:
        return None
    try:
        moment = datetime.strptime(" ".join(found.groups()), "%d %B %Y")  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None
    return moment.date().isoformat()


def take_tweets(lines: list[str]) -> tuple[list[str], tuple[Quotation, ...]]:
    """Return the lines without embedded tweets, and the tweets: a paragraph and its credit line `— Name (@handle) date`."""
    kept: list[str] = []
    tweets = []
    for line in lines:
        credit = _TWEET_CREDIT.match(line.strip())
        if not credit:
            kept.append(line)
            continue
        while kept and not kept[-1].strip():
            kept.pop()
        text = kept.pop().strip() if kept else ""
        date, _ = leading_date(credit.group(3))
        tweets.append(Quotation(text=text, author=credit.group(1), handle=credit.group(2), created_at=date))
    return kept, tuple(tweets)


def form_start(lines: list[str]) -> int | None:
    """Return the index of the line where the comment form begins, or None.

    It is the last heading of a form that no paragraph of an article follows: themes print such a link above a post too.
    """
    for index in range(len(lines) - 1, -1, -1):
        line = lines[index].strip()
        if _REPLY_FORM.match(line):
            return index
        if len(line.split()) > _MAX_FORM_WORDS and not _is_policy(line):
            break
    return None


def comment_count(lines: list[str]) -> int | None:
    """Return the index of the last line that counts the comments ("No comments:", "2 comments:"), or None."""
    counts = [index for index, line in enumerate(lines) if _COMMENT_COUNT.match(line.strip())]
    return counts[-1] if counts else None


def policy_text(lines: list[str]) -> str | None:
    """Return the sentences of the form that state the blog's comment policy, verbatim, one line each, or None."""
    stated = [line.strip() for line in lines if _is_policy(line) and not _COMMENT_COUNT.match(line.strip())]
    return "\n".join(stated) or None


def _is_policy(line: str) -> bool:
    """Whether a line says what happens to comments, or speaks of registered users."""
    subject = _POLICY_SUBJECT.search(line)
    return bool((subject and _POLICY_VERB.search(line, subject.end())) or _REGISTERED_USERS.search(line))


def who_may_comment(lines: list[str]) -> tuple[str, ...]:
    """Return who may comment as the form says: its ways to sign in and "registered users"; empty when it says nothing."""
    ways: list[str] = []
    for line in lines:
        account = _SIGN_IN.match(line.strip().replace("\u00a0", " "))
        if account:
            ways.append(account.group(1) or SITE_ACCOUNT)
        elif _REGISTERED_ONLY.search(line):
            ways.append(REGISTERED)
    return tuple(dict.fromkeys(ways))


def is_page_end(line: str) -> bool:
    """Whether a page may end with this line although it is no whole sentence: a form's button or a policy line."""
    text = line.strip()
    stated = _REGISTERED_ONLY.search(text) and text.endswith(("allowed", "comment", "members", "only", "users"))
    return bool(_FORM_END.match(text) or stated or _REPLY_FORM.match(text))
