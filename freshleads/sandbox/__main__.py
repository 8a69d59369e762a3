"""Runs the sandbox in the foreground: `python -m freshleads.sandbox`.

Prints one line of JSON with the ports, the routes and the API key once everything listens.
"""

import argparse
import json
import signal
import sys
import threading
from dataclasses import asdict, fields

from freshleads.sandbox.places import API_KEY
from freshleads.sandbox.server import PortInUse, Sandbox, SandboxPorts, SandboxRefused

EXIT_REFUSED = 1
SERVERS = tuple(field.name for field in fields(SandboxPorts))


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m freshleads.sandbox",
        description="A small invented internet on 127.0.0.1: websites, mail, vendors' APIs.",
    )
    for name in SERVERS:
        parser.add_argument(
            f"--{name}-port", type=_port, default=0, metavar="N", help="0 takes a free port"
        )
    parser.add_argument("--seed", type=int, default=1, help="which world (default 1)")
    parser.add_argument(
        "--latency-ms", type=_milliseconds, default=0.0, metavar="N", help="added to every answer"
    )
    parser.add_argument(
        "--exit-with-parent", action="store_true", help="stop when standard input is closed"
    )
    return parser


def _port(text: str) -> int:
    """Return a port number, 0 included."""
    port = int(text)
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError("must be between 0 and 65535")
    return port


def _milliseconds(text: str) -> float:
    """Return a time of at most a minute."""
    milliseconds = float(text)
    if not 0 <= milliseconds <= 60_000:
        raise argparse.ArgumentTypeError("must be between 0 and 60000")
    return milliseconds


def _stop_at_end_of_input(stopped: threading.Event) -> None:
    """Set an event when standard input reaches its end: the parent has gone."""
    while sys.stdin.buffer.read(4096):
        pass
    stopped.set()


def main(arguments: list[str] | None = None) -> int:
    """Run until SIGTERM or SIGINT, or until the parent goes; return the exit code."""
    options = build_parser().parse_args(arguments)
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    ports = SandboxPorts(**{name: getattr(options, f"{name}_port") for name in SERVERS})
    sandbox = Sandbox(options.seed, options.latency_ms / 1000, ports)
    try:
        sandbox.start()
    except (PortInUse, SandboxRefused) as error:
        sys.stderr.write(f"{error}\n")
        return EXIT_REFUSED
    try:
        sys.stdout.write(json.dumps(describe(sandbox)) + "\n")
        sys.stdout.flush()
        if options.exit_with_parent:
            threading.Thread(target=_stop_at_end_of_input, args=(stopped,), daemon=True).start()
        stopped.wait()
    finally:
        sandbox.stop()
    return 0


def describe(sandbox: Sandbox) -> dict[str, object]:
    """Return what a client needs to know to use a running sandbox."""
    return {
        **asdict(sandbox.ports),
        "routes": sandbox.routes(),
        "places_key": API_KEY,
    }


if __name__ == "__main__":
    sys.exit(main())
