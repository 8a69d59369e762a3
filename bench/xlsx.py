"""Measure the Excel export beside openpyxl: `python -m bench.xlsx [rows]`, about two minutes.

Both write the same generated leads with all columns, each in a process of its own, three times in
turn. Memory is the peak of the process above what one holds that has only imported the same modules
(Linux). Then openpyxl reads our file back and a sample of rows is compared cell by cell. One line
more tells what the largest file with clickable links takes, which the other writer makes.
"""

import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import openpyxl

from exports.columns import LEAD_COLUMNS
from exports.excelcells import CELL_OF_KIND
from exports.spreadsheets import LINKED_ROWS, write_xlsx

ROWS = 100_000
REPETITIONS = 3
TIME_LIMIT = 175.0  # seconds; what no longer fits is left out and said
READING_TIME = 50.0  # seconds kept back for reading the file
GOAL_RATIO = 4.0
GOAL_MEMORY = 60.0  # MB above idle
WRITERS = ("freshleads", "openpyxl")

TRADES = ("Dentist", "Plumber", "Bakery", "Law firm", "Zahnärzte", "Boulangerie")
CITIES = (("Miami", "FL", "US"), ("Bristol", "", "GB"), ("Köln", "NW", "DE"), ("Lyon", "", "FR"))


def leads(rows: int) -> Iterator[dict[str, Any]]:
    """Yield invented leads one by one: most fields known, some social profiles, a few hostile."""
    chance = random.Random(1)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(rows):
        trade = TRADES[number % len(TRADES)]
        city, region, country = CITIES[number % len(CITIES)]
        slug = f"business-{number}"
        lead: dict[str, Any] = {
            "business_name": f"{trade} & Söhne {number}"
            if number % 97
            else f'=HYPERLINK("{slug}")',
            "category": trade,
            "address": f"{number % 900 + 1} Harbour Street, {city} {number % 90_000:05}",
            "street": f"{number % 900 + 1} Harbour Street",
            "city": city,
            "region": region or None,
            "country": country,
            "postal_code": f"{number % 90_000:05}",
            "phone": f"+1305555{number % 10_000:04}",
            "phones": f"+1305555{number % 10_000:04}, +1305555{number % 9_999:04}",
            "website": f"https://{slug}.test/",
            "google_maps_url": f"https://maps.google.test/?cid={number * 7919}",
            "place_id": f"ChIJ{number * 104_729:023x}",
            "rating": round(chance.uniform(1, 5), 1),
            "reviews_count": chance.randrange(5_000),
            "latitude": round(chance.uniform(-60, 60), 6),
            "longitude": round(chance.uniform(-170, 170), 6),
            "opening_hours": "Monday: 9:00-17:00; Tuesday: 9:00-17:00; Wednesday: closed",
            "source": "google",
            "created_at": start + timedelta(seconds=number),
            "id": f"lead_{number:012}",
        }
        if number % 3:
            lead |= {
                "email": f"info@{slug}.test",
                "emails": f"info@{slug}.test, office@{slug}.test",
                "email_status": "valid",
                "facebook": f"https://www.facebook.com/{slug}",
                "instagram": f"https://www.instagram.com/{slug}",
            }
        yield lead


def write_freshleads(path: Path, rows: int) -> None:
    write_xlsx(path, leads(rows), columns=LEAD_COLUMNS, info={"Search": "bench"}, total=rows)


def write_openpyxl(path: Path, rows: int) -> None:
    """Write the same values with openpyxl at its fastest: write-only mode, no styles, no links."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Leads")
    sheet.append([column.header for column in LEAD_COLUMNS])
    convert = [(column.key, CELL_OF_KIND[column.kind]) for column in LEAD_COLUMNS]
    for lead in leads(rows):
        sheet.append([cell(lead.get(key)) for key, cell in convert])
    book.save(path)


def memory(field: str) -> float:
    """Return VmHWM (peak) or VmRSS (now) of this process in MB."""
    status = Path("/proc/self/status").read_text()
    return int(status.split(f"{field}:")[1].split()[0]) / 1024


def child(writer: str, path: str, rows: int) -> None:
    """Write one file, or nothing for `idle`, and print what it took as JSON."""
    wall, cpu = time.perf_counter(), time.process_time()
    if writer != "idle":
        {"freshleads": write_freshleads, "openpyxl": write_openpyxl}[writer](Path(path), rows)
    figures = {
        "wall": time.perf_counter() - wall,
        "cpu": time.process_time() - cpu,
        "memory": memory("VmHWM" if writer != "idle" else "VmRSS"),
        "size": Path(path).stat().st_size / 1e6 if writer != "idle" else 0.0,
    }
    print(json.dumps(figures))


def run(writer: str, path: Path, rows: int, timeout: float) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.xlsx", "--child", writer, str(path), str(rows)]
    answer = subprocess.run(command, capture_output=True, check=True, text=True, timeout=timeout)
    figures: dict[str, float] = json.loads(answer.stdout)
    return figures


def compare(path: Path, rows: int, deadline: float) -> tuple[int, int]:
    """Read our file with openpyxl; return how many cells were compared and how many differ."""
    book = openpyxl.load_workbook(path, read_only=True)
    compared = different = 0
    pairs = zip(book["Leads"].iter_rows(min_row=2, values_only=True), leads(rows), strict=True)
    for number, (row, lead) in enumerate(pairs):
        if number % 1_000 and number != rows - 1 and number > 100:
            continue
        for found, column in zip(row, LEAD_COLUMNS, strict=True):
            compared += 1
            different += found != CELL_OF_KIND[column.kind](lead.get(column.key))
        if time.monotonic() > deadline:
            print(f"  (stopped comparing at row {number:,}: out of time)")
            break
    return compared, different


def measure(folder: Path, rows: int, deadline: float) -> dict[str, list[dict[str, float]]]:
    results: dict[str, list[dict[str, float]]] = {writer: [] for writer in WRITERS}
    for _ in range(REPETITIONS):
        for writer in WRITERS:
            left = deadline - time.monotonic()
            if results[writer] and left < results[writer][-1]["wall"]:
                continue
            results[writer].append(run(writer, folder / f"{writer}.xlsx", rows, max(left, 60)))
    return results


def report(rows: int, idle: float, results: dict[str, list[dict[str, float]]]) -> bool:
    """Print the figures of both writers and return whether ours met its goals."""
    print(f"{rows:,} leads x {len(LEAD_COLUMNS)} columns, medians; idle process {idle:.0f} MB")
    print(
        f"{'writer':12}{'runs':>5}{'wall s':>9}{'CPU s':>9}{'peak MB above idle':>20}{'file MB':>9}"
    )
    middle: dict[str, dict[str, float]] = {}
    for writer, runs in results.items():
        middle[writer] = {key: median(figures[key] for figures in runs) for key in runs[0]}
        middle[writer]["memory"] = max(figures["memory"] for figures in runs) - idle
        line = "{:12}{:5}{wall:9.2f}{cpu:9.2f}{memory:20.1f}{size:9.1f}"
        print(line.format(writer, len(runs), **middle[writer]))
    ours, theirs = (middle[writer] for writer in WRITERS)
    ratios = {key: theirs[key] / ours[key] for key in ("cpu", "wall")}
    print("ratio: CPU {cpu:.1f}, wall {wall:.1f}".format(**ratios), f"(goal {GOAL_RATIO:.0f})")
    print(f"memory: {ours['memory']:.1f} MB above idle (goal {GOAL_MEMORY:.0f} at most)")
    return min(ratios.values()) >= GOAL_RATIO and ours["memory"] <= GOAL_MEMORY


def main(rows: int) -> int:
    """Measure, print and return 1 if a goal is missed."""
    deadline = time.monotonic() + TIME_LIMIT
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        idle = run("idle", folder / "idle", rows, 30)["memory"]
        linked = run("freshleads", folder / "linked.xlsx", LINKED_ROWS, 30)
        results = measure(folder, rows, deadline - READING_TIME)
        compared, different = compare(folder / "freshleads.xlsx", rows, deadline)
    met = report(rows, idle, results) and different == 0
    print(f"read back with openpyxl: {compared:,} cells compared, {different} differ")
    print(f"{LINKED_ROWS:,} leads with links: {linked['wall']:.2f} s, CPU {linked['cpu']:.2f} s, "
          f"{linked['memory'] - idle:.1f} MB above idle")  # fmt: skip
    print("goals met" if met else "GOALS MISSED")
    return 0 if met else 1


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    else:
        sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS))
