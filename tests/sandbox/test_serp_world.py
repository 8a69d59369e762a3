"""The invented search engines: what a query finds, who advertises, the same every time."""

import pytest

from freshleads.sandbox.serp_world import SerpWorld, serp_world, take_apart
from freshleads.sandbox.truth import site_truth
from freshleads.sandbox.world import World


@pytest.fixture(scope="module")
def engines(world: World) -> SerpWorld:
    return serp_world(world)


def test_the_same_question_has_the_same_answer(world: World, engines: SerpWorld) -> None:
    other = SerpWorld(world)
    assert other.results("dentist miami", "google") == engines.results("dentist miami", "google")
    assert other.ads("dentist", "bing", 0) == engines.ads("dentist", "bing", 0)
    assert serp_world(world) is engines


def test_a_trade_and_a_city_find_hundreds_of_pages_of_that_city(engines: SerpWorld) -> None:
    found = engines.results("dentists in Miami, FL", "google")
    assert len(found) > 300
    assert len({page.url for page in found}) == len(found)
    assert all("Miami" in page.title + page.snippet or "Dentist" in page.snippet for page in found)
    homes = [page for page in found[:20] if page.title.endswith("| Dentist in Miami")]
    assert len(homes) > 15


def test_engines_rank_the_same_pages_differently(engines: SerpWorld) -> None:
    google, bing = (engines.results("dentist miami", name) for name in ("google", "bing"))
    assert {page.url for page in google} == {page.url for page in bing}
    assert google[:10] != bing[:10]


@pytest.mark.parametrize(
    ("query", "city"),
    [("plumber bristol uk", "Bristol"), ("zahnarzt berlin", "Berlin"), ("coiffeur lyon", "Lyon")],
)
def test_every_city_answers_in_its_own_words(engines: SerpWorld, query: str, city: str) -> None:
    found = engines.results(query, "google")
    assert len(found) > 20
    assert found[0].title.endswith(f"in {city}")


def test_a_name_finds_its_business_first(world: World, engines: SerpWorld) -> None:
    business = next(
        business
        for business in world.businesses
        if business.trade == "gym" and site_truth(business).reachable
    )
    first = engines.results(business.name, "google")[0]
    assert first.url.split("/")[2].removeprefix("www.") == business.domain


@pytest.mark.parametrize(
    "query",
    ["qwertyuiop", "", "-", '""', "site:", "the best of", "dentist atlantis ruritania mars"],
)
def test_what_is_not_there_is_not_found(engines: SerpWorld, query: str) -> None:
    assert engines.results(query, "google") == []


def test_snippets_show_real_addresses_and_numbers_of_the_businesses(
    world: World, engines: SerpWorld
) -> None:
    shown = {
        mail
        for business in world.businesses
        if business.site
        for contact in business.site.contacts
        for mail in contact.emails
    }
    found = engines.results("dentist miami", "google")
    mails = [
        page.snippet.split("E-mail: ")[1].rstrip(".")
        for page in found
        if "E-mail: " in page.snippet
    ]
    assert len(mails) > 100
    assert shown.issuperset(mails)
    numbers = {business.phone_national for business in world.businesses}
    calls = [page for page in found if "Call (" in page.snippet]
    assert len(calls) > 100
    assert all(page.snippet.split("Call ")[1][:14] in numbers for page in calls)


def test_operators_narrow_what_is_found(engines: SerpWorld) -> None:
    all_found = engines.results("dentist miami", "google")
    profiles = engines.results("site:instagram.com dentist miami", "google")
    assert 10 < len(profiles) < len(all_found)
    assert all(page.url.startswith("https://www.instagram.com/") for page in profiles)
    gmail = engines.results('dentist "@gmail.com"', "google")
    assert gmail
    assert all("@gmail.com" in page.snippet for page in gmail)
    without = engines.results("dentist miami -site:instagram.com -smile", "google")
    assert not any("instagram.com" in page.url for page in without)
    assert not any("smile" in (page.title + page.snippet).lower() for page in without)


def test_a_query_is_taken_apart() -> None:
    wanted = take_apart(
        'best "family Dentist" site:x.test/blog -"Root canal" -cheap inurl:team Miami'
    )
    assert wanted.words == {"team", "miami"}
    assert wanted.phrases == ("family dentist",)
    assert wanted.sites == ("x.test/blog",)
    assert wanted.not_phrases == ("root canal", "cheap")


@pytest.mark.parametrize(
    ("query", "count"), [("dentist", 18), ("dentist miami", 18), ("plumbers bristol", 10)]
)
@pytest.mark.parametrize("engine", ["google", "bing"])
def test_commercial_queries_have_ads_that_lead_to_readable_websites(
    world: World, engines: SerpWorld, query: str, count: int, engine: str
) -> None:
    ads = engines.ads(query, engine, 0)
    assert len(ads) == count
    by_website = {business.website: business for business in world.businesses}
    advertisers = [by_website[ad.url] for ad in ads]
    assert len({business.place_id for business in advertisers}) == count
    assert all(site_truth(business).emails for business in advertisers)


def test_those_of_the_city_advertise_first(world: World, engines: SerpWorld) -> None:
    ads = engines.ads("dentist berlin", "google", 0)
    assert all(ad.title.endswith("in Berlin") for ad in ads[:5])


def test_ads_say_in_three_ways_where_they_lead(engines: SerpWorld) -> None:
    habits = [ad.habit for ad in engines.ads("dentist", "google", 0)]
    assert {habit: habits.count(habit) for habit in habits} == {
        "link": 12,
        "displayed": 3,
        "counter": 3,
    }


def test_time_moves_the_advertisers_on_only_when_told_to(engines: SerpWorld) -> None:
    before = {ad.url for ad in engines.ads("dentist miami", "google", 0)}
    after = {ad.url for ad in engines.ads("dentist miami", "google", 0, shift=5)}
    assert (len(before - after), len(after - before)) == (5, 5)
    assert before == {ad.url for ad in engines.ads("dentist miami", "google", 0)}


def test_nobody_advertises_for_what_is_no_trade(engines: SerpWorld) -> None:
    assert engines.ads("history of rome", "google", 0) == []
    assert engines.ads("plumber bristol", "google", 50) == []
