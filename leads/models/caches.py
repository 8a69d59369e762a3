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
        indexes = [models.Index(fields=["provider", "fetched_at"], name="place_age")]

    def __str__(self) -> str:
        return f"{self.provider}:{self.place_id}"


class SiteCrawl(models.Model):
    """What a crawl of a website found; fresh for 14 days."""

    url = models.CharField(max_length=2048, unique=True)
    outcome = models.CharField(max_length=40)
    pages_crawled = models.PositiveSmallIntegerField(default=0)
    is_full = models.BooleanField(
        default=False, help_text="All pages allowed were read, not only as many as a lead needs."
    )
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


class SerpPage(models.Model):
    """One result page of a search engine; fresh for 7 days."""

    key = models.CharField(max_length=64, unique=True, help_text="Digest of what was asked.")
    query = models.CharField(max_length=600)
    search_engine = models.CharField(max_length=10)
    page = models.PositiveSmallIntegerField()
    results_per_page = models.PositiveSmallIntegerField()
    provider = models.CharField(max_length=30)
    results = models.JSONField()
    fetched_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.search_engine}: {self.query}"


class PlacesQuery(models.Model):
    """Which places one page of a places search showed; each place is kept in `Place`.

    `token` is what a caller sends to get the page after this one, `upstream_token` what the
    provider wants for it. `rows` keeps what the search alone said, in its order.
    """

    key = models.CharField(max_length=64, unique=True, help_text="Digest of what was asked.")
    parameters = models.JSONField()
    provider = models.CharField(max_length=30)
    rows = models.JSONField()
    token = models.CharField(max_length=64, blank=True, db_index=True)
    upstream_token = models.TextField(blank=True)
    fetched_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key


class PlaceReviews(models.Model):
    """The reviews of a place; fresh for 7 days."""

    provider = models.CharField(max_length=30)
    place_id = models.CharField(max_length=300)
    reviews = models.JSONField()
    fetched_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name_plural = "place reviews"
        constraints = [
            models.UniqueConstraint(fields=["provider", "place_id"], name="place_reviews_once")
        ]

    def __str__(self) -> str:
        return f"{self.provider}:{self.place_id}"


class NamedArea(models.Model):
    """Where a place name lies, as a geocoder said; fresh for 180 days."""

    provider = models.CharField(max_length=30)
    text = models.CharField(max_length=200, help_text="In lower case, single spaces.")
    area = models.JSONField(null=True, help_text="Empty where the name is unknown.")
    fetched_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "text"], name="area_once")]

    def __str__(self) -> str:
        return self.text


class ProviderHealth(models.Model):
    """How a provider has been doing in one ability; written after every call."""

    provider = models.CharField(max_length=30)
    ability = models.CharField(max_length=20)
    last_success_at = models.DateTimeField(null=True, blank=True)
    last_failure_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0, help_text="In a row, since the last success.")
    error_code = models.CharField(max_length=60, blank=True)
    error_message = models.CharField(max_length=500, blank=True)
    resting_until = models.DateTimeField(
        null=True, blank=True, help_text="Not asked before, where another provider can answer."
    )

    class Meta:
        verbose_name_plural = "provider health"
        constraints = [
            models.UniqueConstraint(fields=["provider", "ability"], name="provider_health_once")
        ]

    def __str__(self) -> str:
        return f"{self.provider} ({self.ability})"
