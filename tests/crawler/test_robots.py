"""robots.txt after RFC 9309."""

import pytest

from leads.crawler.robots import MAX_BYTES, RobotsRules, parse_rules, product_token

SITE = "http://a.test"


def rules(text: str) -> RobotsRules:
    return parse_rules(text.encode(), "FreshLeadsBot")


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        ("", "/", True),
        ("User-agent: *\nDisallow: /", "/x", False),
        ("User-agent: *\nDisallow:", "/x", True),
        ("User-agent: freshleadsbot\nDisallow: /a\n\nUser-agent: *\nDisallow: /", "/b", True),
        ("User-agent: OtherBot\nDisallow: /", "/x", True),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", True),
        ("User-agent: *\nDisallow: /*.php$", "/x.php", False),
        ("User-agent: *\nDisallow: /*.php$", "/x.php?y", True),
        ("<html><body>Not found</body></html>", "/x", True),
        ("\ufeffUser-agent: *\nDisallow: /", "/x", False),
    ],
)
def test_longest_match_of_the_own_group_decides(text: str, path: str, allowed: bool) -> None:
    assert rules(text).allows(SITE + path) is allowed


def test_without_rules_all_is_allowed_and_with_an_error_nothing() -> None:
    assert RobotsRules().allows(SITE)
    assert not RobotsRules(error="robots_unavailable").allows(SITE)


def test_reads_crawl_delay_and_sitemaps() -> None:
    found = rules("User-agent: *\nCrawl-delay: 2.5\nSitemap: http://a.test/s.xml")
    assert (found.delay, found.sitemaps) == (2.5, ["http://a.test/s.xml"])
    assert RobotsRules().delay is None


def test_reads_no_more_than_500_kib() -> None:
    padding = "# " + "x" * MAX_BYTES + "\n"
    assert rules(padding + "User-agent: *\nDisallow: /").allows(SITE + "/x")


@pytest.mark.parametrize(
    ("agent", "token"),
    [
        ("FreshLeadsBot/1.0 (+http://x)", "FreshLeadsBot"),
        ("My-Bot_x", "My-Bot_x"),
        ("1.0", "*"),
        ("", "*"),
    ],
)
def test_the_product_token_starts_the_user_agent(agent: str, token: str) -> None:
    assert product_token(agent) == token
