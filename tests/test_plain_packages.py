"""The crawler, verifier, providers, lib and sandbox can be used without Django."""

import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
FRAMEWORKS = ("django", "rest_framework", "celery", "kombu", "django_filters")
IMPORT_ALL = """
import importlib, pkgutil, sys
package = importlib.import_module(sys.argv[1])
for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
found = sorted(name for name in sys.modules if name.partition(".")[0] in sys.argv[2:])
print(*found)
"""


@pytest.mark.parametrize(
    "package",
    [
        "leads.crawler",
        "leads.verifier",
        "leads.providers",
        "leads.place_store",
        "leads.tables",
        "freshleads.lib",
        "freshleads.sandbox",
    ],
)
def test_importing_a_plain_package_loads_no_framework(package: str) -> None:
    answer = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL, package, *FRAMEWORKS],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.split() == []


def test_the_supervisor_loads_no_framework_either() -> None:
    code = (
        "import sys, freshleads.supervising; print(*[n for n in sys.argv[1:] if n in sys.modules])"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code, *FRAMEWORKS],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert answer.stdout.split() == []
