"""The pages of answers: running, failed, done; who sees them, and that found text stays text."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from freshleads.users.models import Workspace
from leads.models import Lookup
from tests.pages import lookups

HTMX = {"HX-Request": "true"}
ANSWERS = {
    "crawl": lookups.website(),
    "search": lookups.result_page(lookups.result()),
    "ads": lookups.ads(lookups.ad(), lookups.ad(title="Old ad", is_active=False)),
    "places": lookups.places(lookups.place(1), lookups.place(2)),
    "reviews": lookups.reviews("Very kind."),
    "verify": lookups.verdicts((lookups.EMAIL, "valid", "accepted")),
}


def text(answer: Any) -> str:
    return str(answer.content.decode())


def path(lookup: Lookup) -> str:
    return reverse("leads:lookup", args=[lookup.public_id])


@pytest.mark.parametrize("kind", ANSWERS)
def test_an_answer_is_shown_with_what_it_cost(
    page: Client, workspace: Workspace, kind: str
) -> None:
    lookup = lookups.answered(workspace, kind, ANSWERS[kind], credits_used=3)
    answer = page.get(path(lookup))
    assert answer.status_code == 200
    assert "data-charged>3<" in text(answer)
    assert "hx-trigger" not in text(answer)


@pytest.mark.parametrize("kind", ANSWERS)
def test_an_empty_answer_says_what_that_means(
    page: Client, workspace: Workspace, kind: str
) -> None:
    empty: dict[str, Any] = {
        "crawl": lookups.website(emails=[], all_emails=[], phones=[], social_links=[]),
        "search": lookups.result_page(),
        "ads": lookups.ads(),
        "places": lookups.places(),
        "reviews": lookups.reviews(),
        "verify": lookups.verdicts(),
    }
    answer = text(page.get(path(lookups.answered(workspace, kind, empty[kind]))))
    assert "nothing was charged" in answer
    assert 'id="add-leads"' not in answer


def test_a_running_lookup_polls_and_works_without_javascript(
    page: Client, workspace: Workspace
) -> None:
    lookup = lookups.asked(workspace, "verify", status="running", stage="Asking", done=3, total=9)
    answer = page.get(path(lookup))
    assert re.search(rf'data-poll hx-get="{path(lookup)}" hx-trigger="every 1s"', text(answer))
    assert '<noscript><meta http-equiv="refresh"' in text(answer)
    assert 'max="9" value="3"' in text(answer)
    poll = page.get(path(lookup), headers=HTMX)
    assert poll.status_code == 200
    assert "<html" not in text(poll)


def test_the_last_poll_brings_the_answer_the_credits_and_an_announcement(
    page: Client, workspace: Workspace
) -> None:
    lookup = lookups.answered(workspace, "crawl", lookups.website(), credits_used=2)
    poll = page.get(path(lookup), headers=HTMX)
    assert poll.status_code == 286
    assert lookups.EMAIL in text(poll).replace("<wbr>", "")
    assert 'id="credits-badge"' in text(poll)
    assert "Website: Done. 2 credits charged." in text(poll)
    assert "hx-trigger" not in text(poll)


@pytest.mark.parametrize(
    ("kind", "code", "words"),
    [
        ("crawl", "forbidden_by_robots", "that is respected"),
        ("ads", "not_supported", "has to set up a source"),
        ("places", "provider_unavailable", "try again"),
        ("search", "brand_new_code", "try again"),
    ],
)
def test_a_failure_says_why_what_next_and_that_it_was_free(
    page: Client, workspace: Workspace, kind: str, code: str, words: str
) -> None:
    lookup = lookups.failed(workspace, kind, error_code=code, error_message="It is down.")
    answer = text(page.get(path(lookup)))
    assert "It is down." in answer
    assert words in answer
    assert "Nothing was charged" in answer
    assert reverse("leads:ask_again", args=[lookup.public_id]) in answer


def test_a_wrong_question_comes_back_with_the_reason_beside_its_field(
    page: Client, workspace: Workspace
) -> None:
    lookup = lookups.failed(
        workspace,
        "places",
        error_code="invalid_parameter",
        error_message="No place called “Atlantis” was found.",
        answer={"param": "location"},
    )
    answer = text(page.get(path(lookup)))
    assert "No place called “Atlantis” was found." in answer.split('id="id_location_error"')[1]
    assert 'value="Miami, FL"' in answer, "the form keeps what was typed"


def test_a_failed_lookup_can_be_asked_again(page: Client, workspace: Workspace) -> None:
    lookup = lookups.failed(workspace, "crawl", error_message="It is down.")
    again_path = reverse("leads:ask_again", args=[lookup.public_id])
    assert page.get(again_path).status_code == 405
    answer = page.post(again_path)
    again = Lookup.objects.latest("pk")
    assert answer["Location"] == path(again)
    assert (again.parameters, again.status) == (lookup.parameters, "queued")


@pytest.mark.parametrize("view", ["lookup", "ask_again", "add_from_lookup"])
def test_the_lookup_of_a_stranger_is_not_there(
    page: Client, stranger: Workspace, view: str
) -> None:
    lookup = lookups.answered(stranger, "crawl", lookups.website())
    address = reverse(f"leads:{view}", args=[lookup.public_id])
    call = page.get if view == "lookup" else page.post
    assert call(address).status_code == 404
    assert Lookup.objects.count() == 1


def test_the_verdicts_of_a_stranger_are_not_there(
    page: Client, workspace: Workspace, stranger: Workspace
) -> None:
    own = lookups.answered(workspace, "verify", ANSWERS["verify"])
    theirs = lookups.answered(stranger, "verify", ANSWERS["verify"])
    website = lookups.answered(workspace, "crawl", ANSWERS["crawl"])
    for view in ("leads:verdicts", "exports:verdicts"):
        address = reverse(view)
        assert page.get(address, {"lookup": own.public_id}).status_code == 200
        for wrong in ([own.public_id, theirs.public_id], [website.public_id], ["x\0"], []):
            assert page.get(address, {"lookup": wrong}).status_code == 404


@pytest.mark.parametrize("kind", ANSWERS)
def test_found_text_is_shown_as_text(page: Client, workspace: Workspace, kind: str) -> None:
    lookup = lookups.answered(workspace, kind, lookups.evil_answers()[kind])
    for answer in (page.get(path(lookup)), page.get(path(lookup), headers=HTMX)):
        assert "<script>alert" not in text(answer)
        assert 'href="javascript' not in text(answer)
        assert "&lt;script&gt;" in text(answer)


def test_the_list_shows_own_lookups_with_their_price(
    page: Client, workspace: Workspace, stranger: Workspace
) -> None:
    crawl = lookups.answered(workspace, "crawl", ANSWERS["crawl"], credits_used=7)
    ads = lookups.failed(workspace, "ads")
    theirs = lookups.answered(stranger, "crawl", ANSWERS["crawl"])
    answer = text(page.get(reverse("leads:lookups")))
    row = re.search(rf'data-lookup="{crawl.public_id}".*?</tr>', answer, re.DOTALL)
    assert row is not None
    assert 'class="number">7<' in row[0]
    assert theirs.public_id not in answer
    chosen = text(page.get(reverse("leads:lookups"), {"kind": "ads"}))
    assert ads.public_id in chosen
    assert crawl.public_id not in chosen


@pytest.mark.parametrize("kind", ["", "ads", "nonsense", "\0"])
def test_an_empty_list_shows_the_way_to_a_first_lookup(page: Client, kind: str) -> None:
    answer = page.get(reverse("leads:lookups"), {"kind": kind})
    assert answer.status_code == 200
    assert 'id="no-lookups"' in text(answer)


def test_ads_can_be_narrowed_to_those_that_run(page: Client, workspace: Workspace) -> None:
    lookup = lookups.answered(workspace, "ads", ANSWERS["ads"])
    assert "Old ad" in text(page.get(path(lookup)))
    assert "Old ad" not in text(page.get(path(lookup), {"show": "active"}))
    assert "Old ad" in text(page.get(path(lookup), {"show": "nonsense"}))


def test_the_map_numbers_its_places_as_the_table_does(page: Client, workspace: Workspace) -> None:
    nowhere = lookups.place(2, location={"lat": None, "lng": None})
    data = lookups.places(lookups.place(1), nowhere, lookups.place(3))
    answer = text(page.get(path(lookups.answered(workspace, "places", data))))
    assert re.findall(r'<a href="#place-(\d)"', answer) == ["1", "3"]
    assert re.findall(r'<tr id="place-(\d)"', answer) == ["1", "2", "3"]


def test_places_without_details_are_neither_ticked_nor_paid(
    page: Client, workspace: Workspace
) -> None:
    basic = lookups.place(2, phone=None, website=None, rating=None, details=False)
    data = lookups.places(lookups.place(1), basic, token="page_x")
    answer = text(page.get(path(lookups.answered(workspace, "places", data))))
    assert answer.count('name="chosen"') == 1
    assert "1 is shown by name and position only" in answer
    assert 'name="page_token" value="page_x"' in answer


def test_verdicts_download_without_formulas(page: Client, workspace: Workspace) -> None:
    rows = (("=cmd@x.test", "invalid", "syntax"), (lookups.EMAIL, "valid", "accepted"))
    lookup = lookups.answered(workspace, "verify", lookups.verdicts(*rows))
    answer = page.get(reverse("exports:verdicts"), {"lookup": lookup.public_id})
    lines = answer.getvalue().decode("utf-8-sig").splitlines()
    assert lines == [
        "Email,Verdict,Reason,In words",
        "'=cmd@x.test,invalid,syntax,It is not a valid e-mail address.",
        "info@bright.test,valid,accepted,The mail server accepts mail for it.",
    ]
