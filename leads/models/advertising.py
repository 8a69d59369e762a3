"""Ads: permanent history of who advertised for what."""

from django.db import models


class Ad(models.Model):
    """One ad for one query, kept for ever; `last_seen_at` moves with every sighting."""

    search_engine = models.CharField(max_length=10)
    query = models.CharField(max_length=400, help_text="In lower case, single spaces.")
    digest = models.CharField(max_length=64, help_text="Of landing page and title.")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=300)
    url = models.CharField(max_length=2048)
    ad_text = models.CharField(max_length=1000, blank=True)
    provider = models.CharField(max_length=30)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    class Meta:
        ordering = ["-last_seen_at", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["search_engine", "query", "digest"], name="ad_once")
        ]
        indexes = [
            models.Index(
                fields=["search_engine", "query", "-last_seen_at"], name="ad_latest_for_query"
            )
        ]

    def __str__(self) -> str:
        return self.title
