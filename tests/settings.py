"""The settings of the test suite: PostgreSQL and Redis where they answer, else SQLite alone.

FRESHLEADS_TEST_DATABASE=sqlite or postgres chooses; each run has a database and a key prefix of
its own, and its files live in a folder that is thrown away.
"""

import atexit
import os
import secrets
import shutil
import socket
import tempfile


def answers(port: int) -> bool:
    """Tell whether a server listens on a local port."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=0.5):
            return True
    except OSError:
        return False


RUN = os.environ.setdefault("FRESHLEADS_TEST_RUN", secrets.token_hex(4))
FOLDER = tempfile.mkdtemp(prefix=f"freshleads-test-{RUN}-")
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)
os.environ["FRESHLEADS_DATA"] = FOLDER
os.environ["FRESHLEADS_SANDBOX"] = "true"
os.environ["FRESHLEADS_PRODUCTION"] = "false"
os.environ["FRESHLEADS_REDIS_PREFIX"] = f"freshleads-test-{RUN}:"

TEST_DATABASE = os.environ.get("FRESHLEADS_TEST_DATABASE", "sqlite")
TEST_POSTGRES_URL = os.environ.get("FRESHLEADS_TEST_POSTGRES_URL") or (
    "postgresql://postgres@127.0.0.1:5432/postgres" if answers(5432) else ""
)
TEST_REDIS_URL = os.environ.get("FRESHLEADS_TEST_REDIS_URL") or (
    "redis://127.0.0.1:6379/0" if answers(6379) else ""
)
os.environ["DATABASE_URL"] = TEST_POSTGRES_URL if TEST_DATABASE == "postgres" else ""
os.environ["REDIS_URL"] = ""

from freshleads.settings import *  # noqa: E402, F403
from freshleads.settings import DATA_DIR, DATABASES  # noqa: E402

if TEST_DATABASE == "postgres":
    DATABASES["default"]["TEST"] = {"NAME": f"test_freshleads_{RUN}"}
else:
    # A file, not memory: threads of one process would meet "database table is locked".
    DATABASES["default"]["TEST"] = {"NAME": DATA_DIR / "test.sqlite3"}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CELERY_TASK_ALWAYS_EAGER = False
CELERY_BROKER_URL = "memory://"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
