"""The web server: the Host header decides, what was written is served, misbehaviour is real."""

import asyncio
import gzip
import http.client
import threading
import time
from collections.abc import Iterator

import pytest

from freshleads.sandbox.casting import ORDINARY
from freshleads.sandbox.entities import Business
from freshleads.sandbox.sites import site_pages
from freshleads.sandbox.web import WebServer
from freshleads.sandbox.world import World


@pytest.fixture(scope="module")
def server(world: World) -> Iterator[WebServer]:
    """Run a server in a thread of its own for the tests of this module."""
    web = WebServer(world, slow_seconds=0.6)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    asyncio.run_coroutine_threadsafe(web.start(), loop).result(5)
    yield web
    asyncio.run_coroutine_threadsafe(web.stop(), loop).result(5)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(5)
    loop.close()


def _connect(server: WebServer) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)


def _get(server: WebServer, host: str, path: str = "/") -> tuple[int, dict[str, str], bytes]:
    connection = _connect(server)
    try:
        connection.request("GET", path, headers={"Host": host})
        response = connection.getresponse()
        headers = {name.lower(): value for name, value in response.getheaders()}
        return response.status, headers, response.read()
    finally:
        connection.close()


def _playing(world: World, behaviour: str) -> Business:
    return next(b for b in world.businesses if b.site and b.site.behaviour == behaviour)


def _host(business: Business) -> str:
    assert business.site
    return business.site.host


def _about(business: Business) -> str:
    return next(path for path in site_pages(business) if path not in {"/", "/robots.txt"})


def test_serves_exactly_the_pages_that_were_written(server: WebServer, world: World) -> None:
    ordinary = [b for b in world.businesses if b.site and b.site.behaviour == ORDINARY]
    for business in ordinary[::60]:
        for path, page in site_pages(business).items():
            status, headers, body = _get(server, _host(business), path)
            assert (status, body) == (page.status, page.body)
            assert headers["content-type"] == page.headers[0][1]


def test_an_unknown_host_and_an_unknown_path_are_404(server: WebServer, world: World) -> None:
    known = _host(_playing(world, ORDINARY))

    assert _get(server, "nobody.test")[0] == 404
    assert _get(server, "127.0.0.1")[0] == 404
    assert _get(server, known, "/no-such-page")[0] == 404


def test_the_host_may_carry_a_port_and_capitals_and_the_path_a_query(
    server: WebServer, world: World
) -> None:
    host = _host(_playing(world, ORDINARY))

    assert _get(server, f"{host.upper()}:80", "/?utm_source=maps")[0] == 200


def test_one_connection_takes_many_requests(server: WebServer, world: World) -> None:
    business = _playing(world, ORDINARY)
    connection = _connect(server)
    for path in site_pages(business):
        connection.request("GET", path, headers={"Host": _host(business)})
        assert connection.getresponse().read() == site_pages(business)[path].body
    connection.close()


def test_head_has_the_length_and_no_body(server: WebServer, world: World) -> None:
    business = _playing(world, ORDINARY)
    connection = _connect(server)
    connection.request("HEAD", "/", headers={"Host": _host(business)})
    response = connection.getresponse()

    assert int(response.headers["Content-Length"]) == len(site_pages(business)["/"].body)
    assert response.read() == b""
    connection.close()


def test_a_post_is_read_away_and_other_methods_are_refused(server: WebServer, world: World) -> None:
    host = _host(_playing(world, ORDINARY))
    connection = _connect(server)
    for method, status in (("POST", 200), ("DELETE", 405), ("POST", 200)):
        connection.request(method, "/", body=b"x" * 1000, headers={"Host": host})
        response = connection.getresponse()
        response.read()
        assert response.status == status
    connection.close()


def test_slow_pages_take_slow_seconds_and_others_do_not(server: WebServer, world: World) -> None:
    business = _playing(world, "slow_home")
    started = time.perf_counter()
    _get(server, _host(business), "/robots.txt")
    middle = time.perf_counter()
    _get(server, _host(business), "/")

    assert middle - started < 0.6
    assert time.perf_counter() - middle >= 0.6


def test_latency_is_added_while_the_server_runs(server: WebServer, world: World) -> None:
    server.latency = 0.2
    started = time.perf_counter()
    try:
        _get(server, _host(_playing(world, ORDINARY)), "/robots.txt")
    finally:
        server.latency = 0.0

    assert time.perf_counter() - started >= 0.2


def test_a_reset_site_answers_nothing(server: WebServer, world: World) -> None:
    with pytest.raises((ConnectionResetError, http.client.RemoteDisconnected)):
        _get(server, _host(_playing(world, "fail_reset")))


def test_a_truncated_page_ends_before_its_length(server: WebServer, world: World) -> None:
    business = _playing(world, "contact_truncated")
    path = next(path for path, page in site_pages(business).items() if page.ending == "truncated")
    with pytest.raises(http.client.IncompleteRead) as caught:
        _get(server, _host(business), path)

    assert len(caught.value.partial) == len(site_pages(business)[path].body) // 2


def test_an_endless_page_goes_on_until_the_client_leaves(server: WebServer, world: World) -> None:
    business = _playing(world, "endless_about")
    path = next(path for path, page in site_pages(business).items() if page.ending == "endless")
    connection = _connect(server)
    connection.request("GET", path, headers={"Host": _host(business)})
    response = connection.getresponse()

    assert response.headers["Transfer-Encoding"] == "chunked"
    assert len(response.read(8_000_000)) == 8_000_000
    connection.close()


def test_a_dripping_page_trickles(server: WebServer, world: World) -> None:
    business = _playing(world, "endless_drip")
    path = next(path for path, page in site_pages(business).items() if page.ending == "drip")
    content = len(site_pages(business)[path].parts[0])
    connection = _connect(server)
    connection.request("GET", path, headers={"Host": _host(business)})
    response = connection.getresponse()
    response.read(content)
    started = time.perf_counter()

    assert len(response.read(240)) == 240
    assert time.perf_counter() - started > 0.3
    connection.close()


def test_gzip_comes_unasked_and_the_bomb_inflates_a_hundredfold(
    server: WebServer, world: World
) -> None:
    status, headers, body = _get(server, _host(_playing(world, "gzip")))
    assert (status, headers["content-encoding"]) == (200, "gzip")
    assert b"<title>" in gzip.decompress(body)

    business = _playing(world, "gzip_bomb")
    path = next(p for p, page in site_pages(business).items() if len(page.headers) > 1)
    _, _, bomb = _get(server, _host(business), path)
    assert len(gzip.decompress(bomb)) > 100 * len(bomb) > 2_000_000


@pytest.mark.parametrize(("behaviour", "encoding"), [("latin1", "iso-8859-1"), ("utf16", "utf-16")])
def test_declared_charsets_decode(
    server: WebServer, world: World, behaviour: str, encoding: str
) -> None:
    business = _playing(world, behaviour)
    _, headers, body = _get(server, _host(business))

    assert headers["content-type"].lower() == f"text/html; charset={encoding}"
    assert business.name.split()[-1] in body.decode(encoding)


def test_redirects_inwards_point_at_private_addresses(server: WebServer, world: World) -> None:
    for behaviour, start in (
        ("redirect_private", "http://127.0.0.1:1/"),
        ("redirect_metadata", "http://169.254.169.254/"),
    ):
        status, headers, _ = _get(server, _host(_playing(world, behaviour)))
        assert status == 302
        assert headers["location"].startswith(start)


def test_robots_txt_says_what_the_behaviour_promises(server: WebServer, world: World) -> None:
    def robots(behaviour: str) -> tuple[int, bytes]:
        status, _, body = _get(server, _host(_playing(world, behaviour)), "/robots.txt")
        return status, body

    assert robots("robots_all") == (200, b"User-agent: *\nDisallow: /\n")
    assert b"\nDisallow: /" in robots("robots_contact")[1]
    assert b"Crawl-delay: 2" in robots("robots_delay")[1]
    assert robots("robots_404")[0] == 404
    assert robots("robots_500")[0] == 503


def test_requests_are_remembered_with_host_and_path(server: WebServer, world: World) -> None:
    host = _host(_playing(world, ORDINARY))
    _get(server, host, "/robots.txt?x=1")

    when, seen_host, path = server.seen[-1]
    assert (seen_host, path) == (host, "/robots.txt")
    assert when <= time.monotonic()


def test_an_oversized_request_head_is_refused(server: WebServer) -> None:
    connection = _connect(server)
    connection.request("GET", "/" + "a" * 40_000, headers={"Host": "x.test"})

    assert connection.getresponse().status == 431
    connection.close()


def test_stopping_a_server_that_never_started_is_harmless(world: World) -> None:
    asyncio.run(WebServer(world).stop())
