"""Overpass: the queries that are written, pages made of its order, and its many ways to fail."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from freshleads.lib.errors import InvalidInput, ProviderError
from leads.providers import overpass as overpass_module
from leads.providers.osm_trades import understand
from leads.providers.overpass import Answer, Overpass, write_query
from tests.providers.scripted import USER_AGENT, ScriptedServer

LOW, HIGH = (25.65, -80.37), (25.86, -80.13)
SETTINGS = (
    "[out:json][timeout:20][maxsize:268435456][bbox:25.6500000,-80.3700000,25.8600000,-80.1300000];"
)
QUERY, STATUS = "/api/interpreter", "/api/status"
NODES = [{"type": "node", "id": number, "lat": 25.7, "lon": -80.2} for number in (11, 22, 33)]
PAGE = """<?xml version="1.0" encoding="UTF-8"?>
<html><head><title>OSM3S Response</title></head><body>
<p>The data included in this document is from www.openstreetmap.org.</p>
<p><strong style="color:#FF0000">Error</strong>: %s </p>
</body></html>"""
BUSY = (
    "runtime error: open64: 0 Success /osm3s_osm_base Dispatcher_Client::request_read_and_idx"
    "::timeout. The server is probably too busy to handle your request."
)
LIMITED = BUSY.replace("::timeout", "::rate_limited")


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    server = ScriptedServer()
    yield server
    server.close()


@pytest.fixture
def overpass(server: ScriptedServer) -> Overpass:
    return Overpass(server.client(), server.url)


def search(overpass: Overpass, query: str = "dentists", **options: Any) -> Answer:
    page: dict[str, Any] = {"page_size": 500, **options}
    return overpass.search(understand(query), low=LOW, high=HIGH, **page)


def refused(overpass: Overpass) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        search(overpass)
    return caught.value


def written(query: str, after: str | None = None) -> str:
    whole = write_query(understand(query), LOW, HIGH, limit=501, after=after)
    assert whole.startswith(SETTINGS)
    return whole.removeprefix(SETTINGS)


def test_asks_one_query_for_a_rectangle_and_says_who_asks(
    server: ScriptedServer, overpass: Overpass
) -> None:
    server.give(QUERY, {"elements": NODES})
    assert search(overpass) == Answer(NODES)
    (asked,) = server.requests
    assert (asked.method, asked.path) == ("POST", QUERY)
    assert asked.headers["user-agent"] == USER_AGENT
    assert asked.values == {
        "data": SETTINGS + '(nwr["amenity"="dentist"];nwr["healthcare"="dentist"];)->.found;'
        ".found out center tags 501;"
    }


@pytest.mark.parametrize("address", ["", "/", "/api", "/api/interpreter"])
def test_the_address_may_be_given_with_or_without_its_path(
    server: ScriptedServer, address: str
) -> None:
    server.give(QUERY, {"elements": []})
    assert search(Overpass(server.client(), server.url + address)) == Answer([])


def test_a_pattern_is_looked_for_among_what_plain_tags_have_found() -> None:
    assert written("italian restaurants") == (
        'nwr["amenity"="restaurant"]["cuisine"]->.tagged0;'
        '(nwr.tagged0["cuisine"~"italian",i];)->.found;.found out center tags 501;'
    )


def test_what_names_no_trade_is_looked_for_in_the_names_of_businesses() -> None:
    assert written("Ocean Breeze") == (
        '(nwr["name"]["amenity"];nwr["name"]["shop"];nwr["name"]["office"];nwr["name"]["craft"];'
        'nwr["name"]["healthcare"];nwr["name"]["tourism"];nwr["name"]["leisure"];)->.named;'
        '(nwr.named["name"~"ocean",i]["name"~"breeze",i];)->.found;.found out center tags 501;'
    )


def test_an_extra_word_is_looked_for_within_the_trade_and_in_names() -> None:
    steps = written("pediatric dentist").split("->")
    assert steps[0] == '(nwr["amenity"="dentist"];nwr["healthcare"="dentist"];)'
    assert 'nwr.found["name"~"pediatric",i];' in steps[2]
    assert 'nwr.found["healthcare:speciality"~"pediatric",i];' in steps[2]
    assert 'nwr.named["name"~"pediatric",i]["name"~"dentist",i];' in steps[2]


@pytest.mark.parametrize(
    "query",
    ['a"];out;', "x\\", ".* (a|b)+ [c]{9}", "node(1);", "a'b'c", "\x00\n", "🦷 zahn", "Ω" * 400],
)
def test_nothing_in_a_query_leaves_its_string_or_becomes_a_pattern(query: str) -> None:
    wanted = understand(query)
    if not (wanted.selectors or wanted.name_words):
        return
    whole = write_query(wanted, LOW, HIGH, limit=501)
    strings = re.findall(r'"([^"\\]*)"', whole)
    assert all(re.fullmatch(r"[\w:.-]{1,40}", string) for string in strings)
    skeleton = re.sub(r'"[^"\\]*"', '""', whole)
    assert '"' not in skeleton.replace('""', "")
    assert len(whole) < 4000


@pytest.mark.parametrize(
    ("token", "step"),
    [
        ("node/33", "(node.found(if:id()>33);way.found;relation.found;)->.found;"),
        ("way/5", "(way.found(if:id()>5);relation.found;)->.found;"),
        ("relation/7", "(relation.found(if:id()>7);)->.found;"),
    ],
)
def test_the_next_page_begins_behind_the_last_object(token: str, step: str) -> None:
    assert written("bakery", after=token) == (
        f'(nwr["shop"="bakery"];)->.found;{step}.found out center tags 501;'
    )


@pytest.mark.parametrize("token", ["node/", "area/5", "node/5);out;", "5", "node/-1", "n" * 99])
def test_a_token_of_somebody_else_is_refused(
    server: ScriptedServer, overpass: Overpass, token: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        search(overpass, page_token=token)
    assert caught.value.param == "page_token"
    assert server.requests == []


def test_one_object_more_than_a_page_tells_that_there_is_a_next_one(
    server: ScriptedServer, overpass: Overpass
) -> None:
    server.give(QUERY, {"elements": NODES})
    server.give(QUERY, {"elements": NODES[2:]})
    first = search(overpass, page_size=2)
    assert first == Answer(NODES[:2], next_page_token="node/22")
    assert search(overpass, page_size=2, page_token="node/22") == Answer(NODES[2:])
    one, two = (asked.values["data"] for asked in server.requests)
    assert one.endswith(".found out center tags 3;")
    assert "(node.found(if:id()>22);" in two


@pytest.mark.parametrize(
    "remark",
    [
        'runtime error: Query timed out in "query" at line 1 after 21 seconds.',
        "runtime error: Query run out of memory using about 256 MB of RAM.",
    ],
)
def test_an_answer_that_was_cut_short_says_so_and_gives_what_it_has(
    server: ScriptedServer, overpass: Overpass, remark: str
) -> None:
    server.give(QUERY, {"elements": NODES, "remark": remark})
    assert search(overpass, page_size=2) == Answer(NODES[:2], is_cut=True)


def test_an_answer_that_is_too_large_to_take_counts_as_cut_short(
    server: ScriptedServer, overpass: Overpass, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overpass_module, "MAX_ANSWER_BYTES", 1000)
    server.give(QUERY, {"elements": NODES * 100})
    assert search(overpass) == Answer((), is_cut=True)


@pytest.mark.parametrize("remark", [None, "", "runtime remark: Timeout is 25 seconds.", 7, ["x"]])
def test_other_remarks_are_none_of_our_business(
    server: ScriptedServer, overpass: Overpass, remark: Any
) -> None:
    server.give(QUERY, {"elements": NODES, "remark": remark})
    assert search(overpass) == Answer(NODES)


@pytest.mark.parametrize(
    ("status", "payload", "code", "permanent", "pause"),
    [
        (400, PAGE % "line 1: parse error: ';' expected", "request_refused", True, None),
        (403, b"", "access_denied", True, None),
        (406, b"<html>Not Acceptable</html>", "access_denied", True, None),
        (404, b"nothing here", "request_refused", True, None),
        (504, PAGE % BUSY, "provider_unavailable", False, 15),
        (504, b"<html>Gateway Timeout</html>", "provider_unavailable", False, 15),
        (502, b"", "provider_unavailable", False, 15),
        (200, PAGE % BUSY, "provider_unavailable", False, 15),
        (200, PAGE % LIMITED, "quota_exceeded", False, 30),
        (200, {"elements": [], "remark": BUSY}, "provider_unavailable", False, 15),
        (200, {"elements": [], "remark": LIMITED}, "quota_exceeded", False, 30),
        (200, b"<html>a captive portal</html>", "bad_answer", False, None),
        (200, b"", "bad_answer", False, None),
        (200, b'{"elements": [{"type": "no', "bad_answer", False, None),
        (200, [], "bad_answer", False, None),
        (200, {"elements": {"type": "node"}}, "bad_answer", False, None),
        (200, {"version": 0.6}, "bad_answer", False, None),
        (200, b"[" * 100_000, "bad_answer", False, None),
        (301, b"", "bad_answer", False, None),
    ],
)
def test_each_refusal_says_whether_and_when_a_retry_can_help(
    server: ScriptedServer,
    overpass: Overpass,
    status: int,
    payload: Any,
    code: str,
    permanent: bool,
    pause: float | None,
) -> None:
    server.give(QUERY, payload, status)
    error = refused(overpass)
    assert (error.code, error.permanent, error.retry_after) == (code, permanent, pause)
    assert len(error.message) < 500
    assert len(server.requests) == 1


def test_a_refusal_of_the_query_quotes_the_reason(
    server: ScriptedServer, overpass: Overpass
) -> None:
    server.give(QUERY, PAGE % "line 1: parse error: ';' expected", 400)
    assert refused(overpass).message == (
        "Overpass refused the request (HTTP 400). Overpass says: line 1: parse error: ';' expected"
    )


STATUS_TEXT = """Connected as: 866011160
Current time: 2026-10-12T09:14:16Z
Rate limit: 2
%s
Currently running queries (pid, space limit, time limit, start time):
"""


@pytest.mark.parametrize(
    ("status", "text", "pause"),
    [
        (200, "Slot available after: 2026-10-12T09:30:24Z, in 968 seconds.", 968),
        (
            200,
            "Slot available after: 2026-10-12T09:30:24Z, in 968 seconds.\n"
            "Slot available after: 2026-10-12T09:15:26Z, in 70 seconds.",
            70,
        ),
        (200, "Slot available after: 2026-10-12T09:14:20Z, in 4 seconds.", 30),
        (200, "2 slots available now.", 30),
        (200, "Slot available after: 2026-10-12T09:14:10Z, in -6 seconds.", 30),
        (200, "Slot available after: " + "x" * 5000, 30),
        (503, "", 30),
        (200, "z" * 70_000, 30),
    ],
)
def test_used_up_slots_say_when_the_next_one_is_free(
    server: ScriptedServer, overpass: Overpass, status: int, text: str, pause: float
) -> None:
    server.give(QUERY, b"<html>Too Many Requests</html>", 429)
    server.give(STATUS, STATUS_TEXT % text, status)
    error = refused(overpass)
    assert (error.code, error.permanent, error.retry_after) == ("quota_exceeded", False, pause)
    assert [asked.path for asked in server.requests] == [QUERY, STATUS]


def test_a_pause_in_the_refusal_itself_needs_no_second_request(
    server: ScriptedServer, overpass: Overpass
) -> None:
    server.give(QUERY, b"", 429, Retry_After="120")
    assert refused(overpass).retry_after == 120
    assert len(server.requests) == 1


def test_a_page_without_a_readable_last_object_is_a_bad_answer(
    server: ScriptedServer, overpass: Overpass
) -> None:
    for last in (None, 7, {"type": "node", "id": "5);out;"}, {"type": "area", "id": 5}):
        server.give(QUERY, {"elements": [NODES[0], last, NODES[1]]})
        with pytest.raises(ProviderError) as caught:
            search(overpass, page_size=2)
        assert caught.value.code == "bad_answer"


def test_nobody_listening_is_an_outage_that_may_pass(
    server: ScriptedServer, overpass: Overpass
) -> None:
    server.close()
    error = refused(overpass)
    assert (error.code, error.permanent) == ("provider_unavailable", False)


def test_a_service_that_does_not_answer_in_time_is_an_outage(
    overpass: Overpass, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overpass_module, "DEADLINE_SECONDS", 0.0001)
    assert refused(overpass).code == "provider_unavailable"


def test_a_slot_is_kept_until_the_answer_is_there(server: ScriptedServer) -> None:
    kept: list[str] = []

    @contextmanager
    def pace(service: str) -> Iterator[None]:
        assert server.requests == []
        yield
        kept.append(f"{service} {len(server.requests)}")

    server.give(QUERY, {"elements": []})
    search(Overpass(server.client(), server.url, pace=pace))
    assert kept == ["overpass 1"]


def test_without_a_slot_nothing_is_asked(server: ScriptedServer) -> None:
    @contextmanager
    def pace(service: str) -> Iterator[None]:
        raise ProviderError("Not now.", code="quota_exceeded", retry_after=10)
        yield

    error = refused(Overpass(server.client(), server.url, pace=pace))
    assert (error.message, error.retry_after) == ("Not now.", 10)
    assert server.requests == []
