"""What waiting requests of the LeadGen API do to everybody else: `./run bench waiting`.

A web server without a worker, so that lookups wait as long as they may. Beside so many waiting
requests another process asks for a list, one request after another. Printed are its latencies and
the memory of the server, for 8 threads (as many as the server had) and for those it has.
"""

import argparse
import json
import os
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import threading
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
os.environ.setdefault("FRESHLEADS_LOG_LEVEL", "ERROR")

import django

django.setup()

import waitress  # noqa: E402
from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402

from freshleads.billing import charging, signing_up  # noqa: E402
from freshleads.billing.models import Plan  # noqa: E402
from freshleads.users import keys  # noqa: E402
from freshleads.wsgi import application  # noqa: E402
from leads.models import Lookup  # noqa: E402

ASKED = 300
PATIENCE_SECONDS = 3.0
CLIENT = """
import http.client, json, sys, time
port, key, asked, patience = int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
taken = []
for _ in range(asked):
    began = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=patience)
    try:
        connection.request("GET", "/api/v1/projects", headers={"Authorization": f"Bearer {key}"})
        assert connection.getresponse().status == 200
    except TimeoutError:
        break
    taken.append(time.perf_counter() - began)
print(json.dumps(taken))
"""


def serve(threads: int) -> int:
    """Start the web server in this process; returns its port."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
    server = waitress.create_server(application, sockets=[listener], threads=threads, ident=None)
    threading.Thread(target=server.run, daemon=True).start()
    port: int = listener.getsockname()[1]
    return port


def wait_in_line(port: int, key: str, count: int, *, distinct: bool) -> list[socket.socket]:
    """Send requests for websites that nobody will read, and let them wait."""
    waiting = []
    for number in range(count):
        path = f"/v2/api/v1/crawl.php?domain=site-{number if distinct else 0}.com&api_key={key}"
        one = socket.create_connection(("127.0.0.1", port))
        one.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        waiting.append(one)
    return waiting


def measure(threads: int, count: int, *, distinct: bool) -> None:
    """Print one line of the table."""
    settings.LOOKUP_WAITERS = settings.LOOKUP_WAITERS_PER_WORKSPACE = count
    connection.creation.create_test_db(verbosity=0)
    try:
        user = signing_up.sign_up("alice@example.com", "a long enough sentence")
        Plan.objects.update(requests_per_minute=1_000_000)
        workspace = user.workspaces.get()
        charging.grant(workspace, 100_000, reference="bench", description="Bench")
        _, key = keys.create_key(workspace, created_by=user, name="Bench")
        port = serve(threads)
        waiting = wait_in_line(port, key, count, distinct=distinct)
        time.sleep(3.0)
        burnt = time.process_time()
        began = time.perf_counter()
        time.sleep(3.0)
        load = (time.process_time() - burnt) / (time.perf_counter() - began)
        client = [sys.executable, "-c", CLIENT, str(port), key, str(ASKED), str(PATIENCE_SECONDS)]
        taken = json.loads(subprocess.run(client, check=True, capture_output=True).stdout)
        report(threads, count, taken, load, distinct=distinct)
        for one in waiting:
            one.close()
    finally:
        shutil.rmtree(settings.DATA_DIR, ignore_errors=True)
        os._exit(0)  # what waits would wait on


def report(threads: int, count: int, taken: list[float], load: float, *, distinct: bool) -> None:
    asked = "different" if distinct else "identical"
    open_rows = Lookup.objects.count()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    if len(taken) < ASKED:
        latency = f"starved: {len(taken)} of {ASKED} answered"
    else:
        ordered = sorted(taken)
        at_95 = ordered[int(len(ordered) * 0.95)] * 1000
        latency = f"{statistics.median(taken) * 1000:7.1f} {at_95:7.1f}"
    print(f"{threads:7} {count:8} {asked:>10} {open_rows:5} {load:8.0%} {memory:7.0f}  {latency}")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--once", type=int, nargs=2, metavar=("THREADS", "WAITING"))
    parser.add_argument("--distinct", action="store_true")
    options = parser.parse_args()
    if options.once:
        measure(*options.once, distinct=options.distinct)
    print("threads  waiting  questions  rows  CPU idle  MB used  median ms  95 % ms")
    for case in ("8 0", "8 20", "64 0", "64 20", "64 48", "64 48 --distinct"):
        # A process each: threads, memory and database begin anew.
        command = [sys.executable, "-m", "bench.waiting", "--once", *case.split()]
        subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
