"""One-time sign-in links."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import time_machine
from django.contrib.auth.models import update_last_login
from django.db import connection
from django.http import HttpResponse
from django.urls import include, path

from freshleads.lib.errors import PermissionRefused
from freshleads.users import links
from freshleads.users.models import User

pytestmark = pytest.mark.urls(__name__)
page = path(
    "link/<str:uid>/<str:token>", lambda request, uid, token: HttpResponse(), name="use_link"
)
urlpatterns = [path("", include(([page], "users")))]
MOMENT = 1_800_000_000.25


def parts(user: User) -> tuple[str, str]:
    """Return the uid and the token of a new link."""
    uid, token = links.make_link(user).strip("/").split("/")[-2:]
    return uid, token


def refusal(uid: str, token: str) -> str:
    with pytest.raises(PermissionRefused) as refused:
        links.use_link(uid, token)
    return refused.value.code


def test_a_link_works_once_even_within_one_second(alice: User) -> None:
    with time_machine.travel(MOMENT, tick=False) as clock:
        update_last_login(User, alice)
        clock.shift(0.1)
        uid, token = parts(alice)
        clock.shift(0.1)
        assert links.use_link(uid, token) == alice
        assert refusal(uid, token) == "invalid_link"


def test_refuses_forged_and_exchanged_links(alice: User, charlie: User) -> None:
    uid, token = parts(alice)
    others_uid, _ = parts(charlie)
    forged = [
        (others_uid, token),
        ("", token),
        ("\x00é", token),
        (uid, ""),
        (uid, "x"),
        (uid, f"{token}x"),
        (uid, token[:-1]),
        (uid, "é:é:é"),
    ]
    assert {refusal(*link) for link in forged} == {"invalid_link"}
    assert links.use_link(uid, token) == alice


def test_a_link_ends_after_an_hour(alice: User) -> None:
    with time_machine.travel(MOMENT, tick=False) as clock:
        link = parts(alice)
        clock.shift(3601)
        assert refusal(*link) == "expired_link"


def test_a_sign_in_or_a_new_password_ends_a_link(alice: User, charlie: User) -> None:
    hers, his = parts(alice), parts(charlie)
    update_last_login(User, alice)
    charlie.set_password("another long sentence")
    charlie.save()
    assert refusal(*hers) == refusal(*his) == "invalid_link"


def test_refuses_users_who_were_shut_out(alice: User) -> None:
    link = parts(alice)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert refusal(*link) == "invalid_link"


@pytest.mark.django_db(transaction=True)
def test_of_parallel_uses_one_succeeds(alice: User) -> None:
    uid, token = parts(alice)
    barrier = Barrier(8)

    def attempt(_: int) -> bool:
        barrier.wait(timeout=10)
        try:
            links.use_link(uid, token)
        except PermissionRefused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(8))) == 1
