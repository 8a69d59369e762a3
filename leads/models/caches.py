"""What the outside world said, kept for everybody and looked at again when it is old."""

from django.db import models


class Place(models.Model):
    """A place as its provider described it; fresh for 30 days."""

    provider = models.CharField(max_length=30)
    place_id = models.CharField(max_length=300)
    record = models.JSONField()
    fetched_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "place_id"], name="place_once")]

    def __str__(self) -> str:
        return f"{self.provider}:{self.place_id}"


class SiteCrawl(models.Model):
    """What a crawl of a website found; fresh for 14 days."""

    url = models.CharField(max_length=2048, unique=True)
    outcome = models.CharField(max_length=40)
    pages_crawled = models.PositiveSmallIntegerField(default=0)
    report = models.JSONField()
    fetched_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.url


class DomainCheck(models.Model):
    """What DNS and the mail server said of a domain; fresh for 7 days."""

    domain = models.CharField(max_length=253, unique=True)
    facts = models.JSONField()
    checked_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.domain


class EmailCheck(models.Model):
    """The verdict on one address; fresh for 30 days, or until `retry_at` where it is open."""

    email = models.CharField(max_length=254, unique=True)
    status = models.CharField(max_length=10)
    reason = models.CharField(max_length=40)
    checks = models.JSONField()
    checked_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=1)
    retry_at = models.DateTimeField(null=True, blank=True, db_index=True)

    def __str__(self) -> str:
        return self.email
