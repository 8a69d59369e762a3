"""The Review messages of the Places API read into records."""

from datetime import datetime

from leads.providers.records import ReviewRecord
from leads.providers.values import Message, number, prose, submessage, text, web_url

MAX_REVIEWS = 5
MAX_REVIEW_LENGTH = 8000
MAX_TIME_LENGTH = 40


def read_reviews(message: Message) -> tuple[ReviewRecord, ...]:
    """Return the readable reviews of a Place message, at most five."""
    listed = message.get("reviews")
    reviews = map(_read_review, listed[:MAX_REVIEWS] if isinstance(listed, list) else ())
    return tuple(review for review in reviews if review is not None)


def _read_review(message: object) -> ReviewRecord | None:
    """Return the record of a Review message, None where it has no stars or no time."""
    if not isinstance(message, dict):
        return None
    stars = number(message, "rating", 1, 5)
    time = _unix_seconds(text(message, "publishTime"))
    if stars is None or time is None:
        return None
    author = submessage(message, "authorAttribution")
    words = submessage(message, "text") or submessage(message, "originalText")
    return ReviewRecord(
        author_name=text(author, "displayName") or "",
        rating=round(stars),
        text=prose(words, "text", MAX_REVIEW_LENGTH),
        time=time,
        author_url=web_url(author, "uri") or "",
        language=(text(words, "languageCode") or "")[:20],
        relative_time_description=text(message, "relativePublishTimeDescription") or "",
        profile_photo_url=web_url(author, "photoUri") or "",
    )


def _unix_seconds(written: str | None) -> int | None:
    """Return an RFC 3339 time, which may have nanoseconds, in whole seconds since 1970."""
    if written is None or len(written) > MAX_TIME_LENGTH:
        return None
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return None
    seconds = int(moment.timestamp()) if moment.tzinfo else -1
    return seconds if seconds >= 0 else None
