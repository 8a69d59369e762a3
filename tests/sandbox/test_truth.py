"""The truth about sites: what counts as findable, and that the pages bear it out."""

from freshleads.sandbox.casting import ORDINARY
from freshleads.sandbox.entities import Business
from freshleads.sandbox.sites import site_pages
from freshleads.sandbox.truth import UNREADABLE, site_truth
from freshleads.sandbox.world import World

LITERAL = frozenset({"mailto", "text", "mailto_text", "mailto_subject", "json_ld", "glued_blocks"})


def _playing(world: World, behaviour: str) -> list[Business]:
    return [b for b in world.businesses if b.site and b.site.behaviour == behaviour]


def _markup(business: Business) -> str:
    return "\n".join(page.body.decode() for page in site_pages(business).values())


def test_at_least_45_of_any_60_dentists_of_miami_have_a_findable_address(world: World) -> None:
    dentists = [b for b in world.businesses if (b.area, b.trade) == ("miami", "dentist")]
    findable = [bool(site_truth(b).emails) for b in dentists]

    assert min(sum(findable[start : start + 60]) for start in range(181)) >= 45


def test_addresses_of_plain_techniques_stand_literally_on_a_page(world: World) -> None:
    checked = 0
    for business in _playing(world, ORDINARY)[::3]:
        assert business.site
        markup = _markup(business)
        for contact in business.site.contacts:
            if contact.technique in LITERAL:
                checked += 1
                assert contact.emails[0] in markup

    assert checked > 150


def test_an_enkoded_address_is_unfindable_and_stands_nowhere(world: World) -> None:
    encoded = [
        (business, contact.emails[0])
        for business in _playing(world, ORDINARY)
        if business.site
        for contact in business.site.contacts
        if contact.technique == "enkoder"
    ]

    assert len(encoded) >= 5
    for business, mail in encoded:
        assert mail not in site_truth(business).emails
        assert mail in site_truth(business).unfindable_emails
        assert mail not in _markup(business)


def test_an_address_four_clicks_deep_is_unfindable_and_stands_there_only(world: World) -> None:
    deep = [b for b in _playing(world, ORDINARY) if b.site and "archive-4" in b.site.pages]

    assert len(deep) >= 3
    for business in deep:
        assert business.site
        truth = site_truth(business)
        hidden = {m for c in business.site.contacts if c.page == "archive-4" for m in c.emails}
        assert hidden and hidden <= truth.unfindable_emails
        linking = [
            path
            for path, page in site_pages(business).items()
            if b"archive-4" in page.body and path != "/robots.txt"
        ]
        assert len(linking) == 1 and "archive-3" in linking[0]


def test_nothing_counts_on_sites_that_cannot_or_must_not_be_read(world: World) -> None:
    for behaviour in UNREADABLE:
        for business in _playing(world, behaviour):
            truth = site_truth(business)
            assert not truth.reachable
            assert (truth.emails, truth.phones, truth.title) == (frozenset(), frozenset(), None)


def test_a_forbidden_or_reset_contact_page_takes_its_contacts_along(world: World) -> None:
    for business in (*_playing(world, "robots_contact"), *_playing(world, "contact_reset")):
        assert business.site
        truth = site_truth(business)
        on_contact = {m for c in business.site.contacts if c.page == "contact" for m in c.emails}
        assert on_contact and on_contact <= truth.unfindable_emails
        assert truth.reachable and truth.emails


def test_nothing_that_counts_stands_on_a_page_of_which_half_arrives(world: World) -> None:
    cut_short = _playing(world, "contact_truncated")

    assert len(cut_short) >= 3
    for business in cut_short:
        assert business.site
        shown = {contact.page for contact in business.site.contacts}
        assert "contact" not in shown | {phone.page for phone in business.site.phones}


def test_a_fax_is_never_a_phone(world: World) -> None:
    truths = [site_truth(b) for b in world.businesses]

    assert sum(bool(truth.faxes) for truth in truths) > 50
    assert all(truth.faxes.isdisjoint(truth.phones) for truth in truths)


def test_decoys_are_never_addresses_that_count(world: World) -> None:
    truths = [site_truth(b) for b in world.businesses]

    assert sum(bool(truth.decoys) for truth in truths) > 300
    for truth in truths:
        assert truth.decoys.isdisjoint(truth.emails | truth.unfindable_emails)


def test_addresses_and_phones_are_written_canonically(world: World) -> None:
    for business in world.businesses:
        truth = site_truth(business)
        assert all(mail == mail.lower() for mail in truth.emails)
        assert all(phone.startswith("+") and phone[1:].isdigit() for phone in truth.phones)
        for url in truth.socials.values():
            assert url.startswith("https://") and not url.endswith("/") and "?" not in url


def test_a_site_with_addresses_outside_contact_pages_has_none_on_them(world: World) -> None:
    outside = [
        b
        for b in _playing(world, ORDINARY)
        if b.site and any(c.page == "services" for c in b.site.contacts)
    ]

    assert len(outside) >= 5
    for business in outside:
        assert business.site and len(business.site.pages) <= 15
        assert {c.page for c in business.site.contacts} == {"services"}


def test_a_business_without_a_site_has_an_empty_truth(world: World) -> None:
    truth = site_truth(next(b for b in world.businesses if b.site is None))

    assert not truth.reachable
    assert (truth.emails, truth.phones, dict(truth.socials)) == (frozenset(), frozenset(), {})
