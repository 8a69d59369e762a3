"""Binding of loopback ports in pairs and rows."""

import socket

import pytest

from freshleads.sandbox.doors import bind_row, bind_tcp, bind_tcp_and_udp


def ports_of(sockets: list[socket.socket]) -> list[int]:
    return [int(door.getsockname()[1]) for door in sockets]


def close(sockets: list[socket.socket]) -> None:
    for door in sockets:
        door.close()


def test_one_port_serves_udp_and_tcp() -> None:
    tcp, udp = bind_tcp_and_udp(0)
    with tcp, udp:
        assert tcp.getsockname() == udp.getsockname()
        with pytest.raises(OSError, match="in use"):
            bind_tcp_and_udp(udp.getsockname()[1])


def test_a_row_has_consecutive_ports_and_is_found_again() -> None:
    row = bind_row(0, 5)
    ports = ports_of(row)
    assert ports == list(range(ports[0], ports[0] + 6))
    close(row)
    again = bind_row(ports[0], 5)
    assert ports_of(again) == ports
    close(again)


def test_a_taken_neighbour_is_replaced_and_a_taken_port_is_an_error() -> None:
    row = bind_row(0, 2)
    first = ports_of(row)[0]
    for neighbour in row[1:]:
        neighbour.listen()
    row[0].close()
    replaced = bind_row(first, 1)
    assert ports_of(replaced)[0] == first
    assert ports_of(replaced)[1] not in ports_of(row[1:])
    replaced[0].listen()
    with pytest.raises(OSError, match="in use"):
        bind_row(first, 1)
    close([*row, *replaced])


def test_a_bound_door_that_does_not_listen_refuses_connections() -> None:
    with bind_tcp(0) as door, pytest.raises(ConnectionRefusedError):
        socket.create_connection(door.getsockname(), timeout=2)
