"""Every special-purpose block is refused, the ordinary internet beside it is not."""

from ipaddress import ip_address

import pytest

from freshleads.lib.addresses import AddressPolicy, AddressRefused, Target
from freshleads.lib.networks import REFUSED_IPV4, is_public
from tests.ssrf.spellings import INSIDE_IPV4, INSIDE_IPV6, PUBLIC


@pytest.mark.parametrize("ip", INSIDE_IPV4 + INSIDE_IPV6)
def test_refuses_an_address_that_is_not_on_the_public_internet(ip: str) -> None:
    assert not is_public(ip_address(ip))
    with pytest.raises(AddressRefused):
        AddressPolicy().resolve(ip, 80)


@pytest.mark.parametrize("ip", PUBLIC)
def test_accepts_an_ordinary_address(ip: str) -> None:
    assert AddressPolicy().resolve(ip, 443) == [Target(ip, 443)]


def test_refuses_both_edges_of_every_ipv4_block_and_no_neighbour_outside_all_blocks() -> None:
    edges = {network[0] for network in REFUSED_IPV4} | {network[-1] for network in REFUSED_IPV4}
    assert not [str(edge) for edge in edges if is_public(edge)]
    neighbours = {network[0] - 1 for network in REFUSED_IPV4 if int(network[0]) > 0} | {
        network[-1] + 1 for network in REFUSED_IPV4 if int(network[-1]) < 2**32 - 1
    }
    outside = [
        neighbour
        for neighbour in neighbours
        if not any(neighbour in network for network in REFUSED_IPV4)
    ]
    assert len(outside) > 25
    assert all(is_public(neighbour) for neighbour in outside)


def test_refuses_a_link_local_answer_with_a_zone() -> None:
    assert not is_public(ip_address("fe80::1%eth0"))
    assert not is_public(ip_address("2606:4700::1%eth0"))
