"""Every setting that the environment decides, read once; a fresh machine needs none of them set.

What is the same everywhere (apps, middleware, the APIs' framework) stands in `fixed_settings`.
"""

from pathlib import Path
from urllib.parse import urlsplit

from django.http.request import split_domain_port

from freshleads import env
from freshleads.fixed_settings import *  # noqa: F403

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.text("FRESHLEADS_DATA", str(BASE_DIR / "var"))).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)

PRODUCTION = env.boolean("FRESHLEADS_PRODUCTION", False)
SANDBOX = env.boolean("FRESHLEADS_SANDBOX", not PRODUCTION)
DEBUG = env.boolean("FRESHLEADS_DEBUG", False)
PORT = env.integer("PORT", 8000, low=1, high=65535)
BIND_ADDRESS = env.text("FRESHLEADS_BIND", "127.0.0.1")
SITE_URL = env.web_url("FRESHLEADS_URL", f"http://127.0.0.1:{PORT}")
SITE_HOST, _ = split_domain_port(urlsplit(SITE_URL).netloc)
ALLOWED_HOSTS = env.words("FRESHLEADS_HOSTS", (SITE_HOST, "127.0.0.1", "localhost", "[::1]"))

SECRET_KEY = (
    env.required("SECRET_KEY", "production needs at least 50 random characters.")
    if PRODUCTION
    else env.kept_secret("SECRET_KEY", DATA_DIR)
)

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "freshleads.context.dashboard",
            ],
        },
    },
]

# --- Database: SQLite in WAL by default, PostgreSQL by DATABASE_URL --------------------------
# IMMEDIATE: a read-then-write transaction under Django's default DEFERRED fails with "database
# is locked" as soon as two threads meet, whatever the timeout.
DATABASE_URL = env.text("DATABASE_URL")
if DATABASE_URL:
    DATABASES = {"default": env.database(DATABASE_URL)}
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA_DIR / "freshleads.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;",
            },
        }
    }

# --- Background work: Celery is the doorbell, rows are the truth ------------------------------
REDIS_URL = env.text("REDIS_URL")
REDIS_PREFIX = env.text("FRESHLEADS_REDIS_PREFIX", "freshleads:")
EMBEDDED = not REDIS_URL
CELERY_BROKER_URL = REDIS_URL or "memory://localhost/"
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {"global_keyprefix": REDIS_PREFIX, "visibility_timeout": 600}
    if REDIS_URL
    else {"polling_interval": 0.05}  # the default of 1 s makes the memory broker ten times slower
)
# --- Sandbox: where its servers listen (settled by the supervisor) ----------------------------
SANDBOX_WEB_PORT = env.integer("FRESHLEADS_SANDBOX_WEB_PORT", 8801, low=1, high=65535)
SANDBOX_PLACES_PORT = env.integer("FRESHLEADS_SANDBOX_PLACES_PORT", 8802, low=1, high=65535)
SANDBOX_DNS_PORT = env.integer("FRESHLEADS_SANDBOX_DNS_PORT", 8803, low=1, high=65535)
SANDBOX_SMTP_PORT = env.integer("FRESHLEADS_SANDBOX_SMTP_PORT", 8804, low=1, high=65535)
SANDBOX_VENDORS_PORT = env.integer("FRESHLEADS_SANDBOX_VENDORS_PORT", 8805, low=1, high=65535)
# More doors of the sandbox, "suffix:port:loopback port" each, e.g. "mx-silent.test:25:40123".
SANDBOX_ROUTES = env.words("FRESHLEADS_SANDBOX_ROUTES")

# --- Finding leads ----------------------------------------------------------------------------
# One setting per ability: the providers in the order in which they are asked, the next one where
# the one before it fails. In the sandbox all have a key and an address on loopback.
LEADS_PLACES_PROVIDERS = env.words("FRESHLEADS_PLACES_PROVIDERS", ("google",))
LEADS_SEARCH_PROVIDERS = env.words(
    "FRESHLEADS_SEARCH_PROVIDERS", ("serper", "serpapi", "brave") if SANDBOX else ()
)
LEADS_ADS_PROVIDERS = env.words("FRESHLEADS_ADS_PROVIDERS", ("serpapi",) if SANDBOX else ())
SANDBOX_KEY = "sandbox-key" if SANDBOX else ""
GOOGLE_PLACES_KEY = env.text("GOOGLE_PLACES_KEY", SANDBOX_KEY)
SERPAPI_KEY = env.text("SERPAPI_KEY", SANDBOX_KEY)
SCRAPERAPI_KEY = env.text("SCRAPERAPI_KEY", SANDBOX_KEY)
SERPER_KEY = env.text("SERPER_KEY", SANDBOX_KEY)
BRAVE_KEY = env.text("BRAVE_KEY", SANDBOX_KEY)
_VENDORS = f"http://127.0.0.1:{SANDBOX_VENDORS_PORT}"
GOOGLE_PLACES_URL = (
    f"http://127.0.0.1:{SANDBOX_PLACES_PORT}" if SANDBOX else "https://places.googleapis.com"
)
SERPAPI_URL = f"{_VENDORS}/serpapi" if SANDBOX else "https://serpapi.com"
SCRAPERAPI_URL = f"{_VENDORS}/scraperapi" if SANDBOX else "https://api.scraperapi.com"
SERPER_URL = f"{_VENDORS}/serper" if SANDBOX else "https://google.serper.dev"
BRAVE_URL = f"{_VENDORS}/brave" if SANDBOX else "https://api.search.brave.com"
SEARXNG_URL = env.endpoint("SEARXNG_URL", f"{_VENDORS}/searxng" if SANDBOX else "")
NOMINATIM_URL = env.endpoint(
    "NOMINATIM_URL",
    f"{_VENDORS}/nominatim" if SANDBOX else "https://nominatim.openstreetmap.org",
)
OVERPASS_URL = env.endpoint(
    "OVERPASS_URL", f"{_VENDORS}/overpass" if SANDBOX else "https://overpass-api.de"
)
# Where `import_places` keeps places of open data, which the `local` provider answers from.
LOCAL_PLACES_DIR = Path(env.text("FRESHLEADS_PLACES_DIR", str(DATA_DIR / "places"))).resolve()
# Google lends its content: after so many days only the place id is kept. 0 keeps everything, for
# who has a contract that allows it.
GOOGLE_KEEP_DAYS = env.integer("FRESHLEADS_GOOGLE_KEEP_DAYS", 30, low=0, high=3650)
# How long a caller of the LeadGen API waits for the worker before it is told to ask again.
LEADS_LOOKUP_WAIT_SECONDS = env.decimal("FRESHLEADS_LOOKUP_WAIT", 110, low=0, high=600)
# Who waits holds a thread of the web server; what is left of them serves all other requests.
WEB_THREADS = 64
LOOKUP_WAITERS = 48
LOOKUP_WAITERS_PER_WORKSPACE = 24
# How large a list of leads may be, as it is uploaded.
LEADS_IMPORT_MAX_MB = env.integer("FRESHLEADS_IMPORT_MAX_MB", 50, low=1, high=1000)
LEADS_CRAWL_DELAY_SECONDS = env.decimal(
    "FRESHLEADS_CRAWL_DELAY", 0.0 if SANDBOX else 1.0, low=0, high=60
)
LEADS_CRAWL_CONCURRENCY = env.integer("FRESHLEADS_CRAWL_CONCURRENCY", 100, low=1, high=1000)
# On loopback a server that is silent for three seconds stays silent.
LEADS_PAGE_TIMEOUT_SECONDS = env.decimal(
    "FRESHLEADS_PAGE_TIMEOUT", 3.0 if SANDBOX else 10.0, low=0.1, high=60
)
LEADS_PROBE_TIMEOUT_SECONDS = env.decimal(
    "FRESHLEADS_PROBE_TIMEOUT", 3.0 if SANDBOX else 10.0, low=0.1, high=60
)
LEADS_SMTP_PROBE = env.boolean("FRESHLEADS_SMTP_PROBE", True)
# A worker that died is replaced when its lease ends; it is renewed every third of that.
LEADS_LEASE_SECONDS = env.decimal("FRESHLEADS_LEASE_SECONDS", 20, low=1, high=3600)
LEADS_RETRY_SECONDS = env.decimal("FRESHLEADS_RETRY_SECONDS", 5, low=0, high=3600)
BOT_CONTACT = env.text("FRESHLEADS_BOT_CONTACT", SITE_URL)
HELO_NAME = env.text("FRESHLEADS_HELO_NAME", "localhost")
NETWORK_ALLOWED = env.words("FRESHLEADS_ALLOWED_NETWORKS")

# --- People -----------------------------------------------------------------------------------
SIGN_UP_OPEN = env.boolean("FRESHLEADS_SIGN_UP", True)

EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if env.text("EMAIL_HOST")
    else "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = DATA_DIR / "outbox"
EMAIL_HOST = env.text("EMAIL_HOST")
EMAIL_PORT = env.integer("EMAIL_PORT", 587, low=1, high=65535)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.boolean("EMAIL_USE_TLS", True)
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "FreshLeads <no-reply@localhost>")

# --- Pages and static files -------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
BROWSER_LIBRARIES = BASE_DIR / "node_modules"
STATICFILES_DIRS = [BASE_DIR / "freshleads" / "static", DATA_DIR / "vendor"]
(DATA_DIR / "vendor").mkdir(exist_ok=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = not PRODUCTION

# The web server takes the client's address and scheme from the proxy's headers (processes.py).
BEHIND_PROXY = env.boolean("FRESHLEADS_BEHIND_PROXY", False)
if PRODUCTION:
    SECURE_SSL_REDIRECT = True
    # The LeadGen API refuses keys over plain HTTP: a redirect would hide that they were read.
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^v2/api/v1/"]
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    CSRF_TRUSTED_ORIGINS = [SITE_URL]

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
LOG_LEVEL = env.choice("FRESHLEADS_LOG_LEVEL", "WARNING", LOG_LEVELS)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "freshleads.lib.redacting.RedactingFormatter",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        },
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {
        # The development server's lines hold whole addresses.
        "django.server": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        # What visitors type is no news unless somebody asks for more.
        "django.request": {"level": "ERROR" if LOG_LEVEL == "WARNING" else LOG_LEVEL},
    },
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
}
