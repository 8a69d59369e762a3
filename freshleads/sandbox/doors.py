"""Binds loopback sockets: one port for two protocols, or a row of neighbouring ports."""

import contextlib
import socket

LOOPBACK = "127.0.0.1"
ATTEMPTS = 20


def bind_tcp(port: int) -> socket.socket:
    """Return a TCP socket bound to a loopback port; 0 takes a free one."""
    # The protocol is named because asyncio sets TCP_NODELAY only where it is.
    door = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((LOOPBACK, port))
    except BaseException:
        door.close()
        raise
    return door


def bind_tcp_and_udp(port: int) -> tuple[socket.socket, socket.socket]:
    """Return a TCP and a UDP socket bound to the same loopback port; 0 finds a free one."""
    for attempt in range(1, ATTEMPTS + 1):
        tcp = bind_tcp(port)
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            udp.bind(tcp.getsockname())
        except OSError:
            tcp.close()
            udp.close()
            # The free TCP port may be somebody's UDP port; a port that was asked for may not.
            if port or attempt == ATTEMPTS:
                raise
        else:
            tcp.setblocking(False)
            udp.setblocking(False)
            return tcp, udp
    raise AssertionError("unreachable")


def bind_row(port: int, neighbours: int) -> list[socket.socket]:
    """Return a socket bound to a port, then some bound to the ports after it.

    With port 0 a free row is looked for. A neighbour of a given port may be taken: any free port
    stands in for it.
    """
    for _ in range(0 if port else ATTEMPTS):
        with contextlib.suppress(OSError, OverflowError):
            return _bind_whole_row(neighbours)
    row = [bind_tcp(port)]
    first = int(row[0].getsockname()[1])
    for offset in range(1, neighbours + 1):
        try:
            row.append(bind_tcp(first + offset))
        except (OSError, OverflowError):
            row.append(bind_tcp(0))
    return row


def _bind_whole_row(neighbours: int) -> list[socket.socket]:
    """Return sockets bound to consecutive free ports; raises OSError where one is taken."""
    row = [bind_tcp(0)]
    first = int(row[0].getsockname()[1])
    try:
        row.extend(bind_tcp(first + offset) for offset in range(1, neighbours + 1))
    except BaseException:
        for door in row:
            door.close()
        raise
    return row
