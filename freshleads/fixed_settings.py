"""Settings that no environment changes: what Django, DRF and Celery are told everywhere alike."""

INSTALLED_APPS = [
    "freshleads.apps.FreshLeadsConfig",
    "freshleads.users.apps.UsersConfig",
    "freshleads.billing.apps.BillingConfig",
    "leads.apps.LeadsConfig",
    "exports.apps.ExportsConfig",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
]

MIDDLEWARE = [
    "freshleads.middleware.KeyHidingMiddleware",  # first: nothing before it may log an address
    "freshleads.middleware.HeadMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "freshleads.middleware.RequestIdMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "freshleads.middleware.WorkspaceMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "freshleads.urls"
WSGI_APPLICATION = "freshleads.wsgi.application"
APPEND_SLASH = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "en-us"
USE_I18N = False
TIME_ZONE = "UTC"
USE_TZ = True

# --- Background work --------------------------------------------------------------------------
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_DEFAULT_QUEUE = "celery"
LOOKUPS_QUEUE = "lookups"
IMPORTS_QUEUE = "imports"
CELERY_TASK_ROUTES = {
    "leads.answer_lookup": {"queue": LOOKUPS_QUEUE},
    "leads.sweep_lookups": {"queue": LOOKUPS_QUEUE},
    "leads.store_import": {"queue": IMPORTS_QUEUE},
}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"  # keeps no file: every entry is a plain interval
CELERY_BEAT_SCHEDULE = {
    "sweep searches": {"task": "leads.sweep_searches", "schedule": 1.0},
    "recheck addresses": {"task": "leads.recheck_addresses", "schedule": 60.0},
    "sweep lookups": {"task": "leads.sweep_lookups", "schedule": 1.0},
    "forget lookups": {"task": "leads.forget_lookups", "schedule": 3600.0},
    "sweep imports": {"task": "leads.sweep_imports", "schedule": 1.0},
    "clear uploads": {"task": "leads.clear_uploads", "schedule": 3600.0},
    "start saved searches": {"task": "leads.start_saved_searches", "schedule": 60.0},
    "forget lent content": {"task": "leads.forget_lent_content", "schedule": 3600.0},
    "grant monthly credits": {"task": "billing.grant_credits", "schedule": 600.0},
}

# --- People -----------------------------------------------------------------------------------
AUTH_USER_MODEL = "users.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "users:login"
LOGIN_REDIRECT_URL = "leads:searches"
LOGOUT_REDIRECT_URL = "landing"
TOKEN_LIFETIME_SECONDS = 86_400

# --- The two APIs -----------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,  # `format` is a parameter of the export endpoint
}
API_MAX_BODY_BYTES = 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

SPECTACULAR_SETTINGS = {
    # The check knows nothing of a dialect's own settings (api/v1/schema.py); tests hold the schema.
    "ENABLE_DJANGO_DEPLOY_CHECK": False,
    "TITLE": "FreshLeads API",
    "VERSION": "1.0.0",
    "DESCRIPTION": "Find local businesses, read their websites, verify the addresses.",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
}
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "freshleads.uploading.BoundedUploadHandler",
]

# --- Pages ------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "freshleads.views.csrf_failure"
