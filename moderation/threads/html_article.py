"""The article of a page saved from a browser: its title, text, address and date, and the tweets set in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bs4 import BeautifulSoup
from bs4.element import Tag

from moderation.records import Article, Quotation
from moderation.threads import furniture
from moderation.threads.html_boxes import is_form, is_section
from moderation.threads.html_text import attribute, classes, is_hidden, outermost, text_of, walk, words

# The boxes that themes put around an article's text and nothing else.
_TEXT_BOXES = words(
    "entry-content post-body post-content article-body article__body article-content story-body "
    "wp-block-post-content td-post-content"
)
_TITLE_CLASSES = frozenset(["entry-title", "post-title", "wp-block-post-title", "article-title", "article__title"])
_HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
_AROUND_CLASSES = words(
    "sharedaddy jp-relatedposts wpcnt post-footer entry-footer entry-meta post-meta byline posted-on author-bio "
    "post-navigation nav-links related-posts share-buttons social-share newsletter-signup breadcrumbs "
    "advertisement wp-block-post-title wp-block-post-date wp-block-post-author sidebar cookie-notice"
)
_BESIDE_IDS = frozenset({"jp-post-flair", "sidebar", "secondary", "site-header", "masthead"})
_DATE_CLASSES = frozenset({"entry-date", "published"})
_ISO_TIME = re.compile(r"\d{4}-\d{2}-\d{2}")
_TWEET_CREDIT = re.compile(r"[—–-]+ (.{1,80}?) \((@\w{1,15})\)")
_WEEKDAY = re.compile(r"^\w+day, ")
# Chrome, Edge and Internet Explorer write where a page came from into a comment near its top.
_SAVED_FROM = re.compile(r"<!-- saved from url=\(\d{4}\)(https?://[^\s<>\"]{1,2000}) -->")


@dataclass
class _Signs:
    """What the tags of a page say about its article, in page order."""

    titles: list[Tag] = field(default_factory=list)
    headings: list[Tag] = field(default_factory=list)
    dates: list[Tag] = field(default_factory=list)
    times: list[Tag] = field(default_factory=list)
    date_headers: list[Tag] = field(default_factory=list)


def read_article(soup: BeautifulSoup, text: str) -> tuple[Article, tuple[Quotation, ...]]:
    """Return the article of a page and the tweets embedded in it; `text` is the whole page as it was saved."""
    metadata = _metadata(soup)
    signs = _signs(soup)
    title, title_tag = _title(soup, signs, metadata)
    published_at, date_tag = _published(signs, metadata)
    left_out = {id(tag) for tag in (title_tag, date_tag) if tag}
    body, quotations = _body(soup, left_out)
    url = next((url for url in (metadata.get("canonical"), metadata.get("og:url")) if _is_web_address(url)), None)
    saved_from = _SAVED_FROM.search(text[:4_000])
    if url is None and saved_from:
        url = saved_from.group(1)
    return Article(title=title, text=body or None, url=url, published_at=published_at), quotations


def _is_web_address(url: str | None) -> bool:
    return bool(url and re.match(r"https?://\S+$", url))


def _metadata(soup: BeautifulSoup) -> dict[str, str]:
    """What the head states, by property or name; `canonical` is the link of that kind."""
    stated: dict[str, str] = {}
    for tag in soup.find_all(["meta", "link"]):
        key = attribute(tag, "property") or attribute(tag, "name") or attribute(tag, "itemprop")
        value = attribute(tag, "content")
        if tag.name == "link":
            key, value = attribute(tag, "rel"), attribute(tag, "href")
        if value:
            stated.setdefault(key.lower(), re.sub(r"\s+", " ", value))
    return stated


def _is_around(tag: Tag) -> bool:
    """Whether this tag stands around the article: menus, side columns, forms, comments, what is hidden."""
    if _is_beside(tag) or not _AROUND_CLASSES.isdisjoint(classes(tag)):
        return True
    # Some servers wrap the whole body in one form; a quotation's footer names who is quoted.
    inside = tag.parent.name if tag.parent else ""
    return (tag.name == "form" and inside != "body") or (tag.name == "footer" and inside != "blockquote")


def _is_beside(tag: Tag) -> bool:
    """Whether this tag holds nothing about the article, not even its title or date."""
    if tag.name in ("nav", "aside") or is_section(tag) or is_form(tag) or is_hidden(tag):
        return True
    names = classes(tag)
    # Blogger's posts stand in a widget too, of the kind "Blog".
    is_widget = "sidebar" in names or ("widget" in names and "Blog" not in names)
    return is_widget or attribute(tag, "id") in _BESIDE_IDS


def _signs(soup: BeautifulSoup) -> _Signs:
    signs = _Signs()
    articles = 0
    for entering, node in walk(soup, _is_beside):
        if not isinstance(node, Tag):
            continue
        if node.name in ("article", "main"):
            articles += 1 if entering else -1
        if entering:
            _take_sign(node, signs, articles > 0)
    return signs


def _take_sign(tag: Tag, signs: _Signs, in_article: bool) -> None:
    names = classes(tag)
    stated = attribute(tag, "itemprop")
    if tag.name in _HEADINGS and (not names.isdisjoint(_TITLE_CLASSES) or stated == "headline"):
        signs.titles.append(tag)
    elif tag.name == "h1" and in_article:
        signs.headings.append(tag)
    if not names.isdisjoint(_DATE_CLASSES) or stated == "datePublished":
        signs.dates.append(tag)
    elif tag.name == "time" and in_article and "updated" not in names and stated != "dateModified":
        signs.times.append(tag)
    elif "date-header" in names:
        signs.date_headers.append(tag)


def _title(soup: BeautifulSoup, signs: _Signs, metadata: dict[str, str]) -> tuple[str | None, Tag | None]:
    """The title, and the tag it stands in: the post's heading, else what the head states, else the first heading."""
    for tag in (*signs.titles, *signs.headings):
        if title := _one_line(tag):
            return title, tag
    window = soup.find("title")
    in_window = _one_line(window) if window else ""
    if metadata.get("og:title"):
        in_window = metadata["og:title"]
    heading = soup.find("h1")
    in_heading = _one_line(heading) if heading else ""
    # Most windows are titled "Post - Blog"; a heading that says only "Blog" does not begin that.
    if heading and in_heading and re.match(rf"{re.escape(in_heading)}(?: [-–—|«·]|$)", in_window):
        return in_heading, heading
    return (in_window, None) if in_window else (in_heading or None, heading)


def _one_line(tag: Tag) -> str:
    return re.sub(r"\s+", " ", text_of(tag))


def _published(signs: _Signs, metadata: dict[str, str]) -> tuple[str | None, Tag | None]:
    """When the article was published, as far as the page states it, and the tag that says so."""
    for tag in signs.dates:
        for name in ("datetime", "title", "content"):
            if _ISO_TIME.match(attribute(tag, name)):
                return attribute(tag, name), tag
    stated = metadata.get("article:published_time") or metadata.get("datepublished") or ""
    if _ISO_TIME.match(stated):
        return stated, None
    for tag in signs.times:
        if _ISO_TIME.match(attribute(tag, "datetime")):
            return attribute(tag, "datetime"), tag
    for tag in signs.date_headers:
        line = _one_line(tag)
        day = furniture.leading_date(_WEEKDAY.sub("", line))[0] or furniture.credit_date(line)
        if day:
            return day, tag
    return None, None


def _body(soup: BeautifulSoup, left_out: set[int]) -> tuple[str, tuple[Quotation, ...]]:
    """The text of the article and the tweets set in it, from the surest box of the page that has any."""
    signs = (
        lambda tag: not classes(tag).isdisjoint(_TEXT_BOXES) or attribute(tag, "itemprop") == "articleBody",
        lambda tag: tag.name == "article",
        lambda tag: tag.name == "main" or attribute(tag, "role") == "main" or attribute(tag, "id") == "content",
        lambda tag: tag.name == "body",
    )
    for sign in signs:
        boxes = outermost(soup, sign, _is_around)
        read = [_box_text(box, left_out) for box in boxes]
        best = max(read, key=lambda each: len(each[0]), default=("", ()))
        if best[0] or best[1]:
            return best
    return _box_text(soup, left_out)


def _box_text(box: Tag, left_out: set[int]) -> tuple[str, tuple[Quotation, ...]]:
    def skip(tag: Tag) -> bool:
        if id(tag) in left_out or _is_tweet(tag) or _is_around(tag):
            return True
        return tag.name == "header" and box.name != "article"

    tweets = outermost(box, _is_tweet, _is_around)
    return text_of(box, skip), tuple(quotation for tweet in tweets if (quotation := _quotation(tweet)))


def _is_tweet(tag: Tag) -> bool:
    return tag.name == "blockquote" and not classes(tag).isdisjoint({"twitter-tweet", "twitter-video"})


def _quotation(tweet: Tag) -> Quotation | None:
    """An embedded tweet: its text and, in the credit line below it, who wrote it and when."""
    *lines, credit = text_of(tweet).rsplit("\n\n", 1)
    _, quotations = furniture.take_tweets([*lines, credit])
    if quotations:
        return quotations[0] if quotations[0].text else None
    # A credit line with a date in another language than English: the date is not guessed.
    signed = _TWEET_CREDIT.match(credit) if lines else None
    if signed:
        return Quotation(text=lines[0], author=signed.group(1), handle=signed.group(2))
    text = "\n\n".join((*lines, credit))
    return Quotation(text=text) if text else None
