"""Settings of the deployment, read from the environment once.

``RULEOUT_ENV`` is ``production`` (the default), ``demo`` or ``test``. The demo and the tests have a clock that can be
moved; production refuses one.
"""

import os
import ssl
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from clinic import logs
from clinic.beat import THREADS
from clinic.languages import INTERPRETED

BASE_DIR = Path(__file__).resolve().parent.parent
ENVIRONMENT = os.environ.get("RULEOUT_ENV", "production")
if ENVIRONMENT not in {"production", "demo", "test"}:
    raise ImproperlyConfigured("RULEOUT_ENV must be production, demo or test.")
PRODUCTION = ENVIRONMENT == "production"
DEBUG = False
CLOCK_MOVABLE = not PRODUCTION

SECRET_KEY = os.environ.get("SECRET_KEY", "")
if not SECRET_KEY:
    if PRODUCTION and not os.environ.get("RULEOUT_NO_SECRETS"):
        raise ImproperlyConfigured("SECRET_KEY is not set. Choose a long random value and keep it.")
    SECRET_KEY = "only-for-a-local-demonstration-" + "x" * 32
# Links and one-time codes keep their own key, so that a rotated session key does not void a patient's link.
LINK_KEY = os.environ.get("LINK_KEY", SECRET_KEY)
PUBLIC_BASE_URL = os.environ.get("PUBLIC_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
SECURE = PUBLIC_BASE_URL.startswith("https://")
_hosts = os.environ.get("ALLOWED_HOSTS")
ALLOWED_HOSTS = _hosts.split(",") if _hosts else [PUBLIC_BASE_URL.split("//", 1)[-1].split("/")[0].split(":")[0]]
if not PRODUCTION:
    ALLOWED_HOSTS += ["127.0.0.1", "localhost", "testserver"]

INSTALLED_APPS = [
    "clinic.apps.ClinicConfig",
    "triage.apps.TriageConfig",
    "scheduling.apps.SchedulingConfig",
    "notifications.apps.NotificationsConfig",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "pgtrigger",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # It adds a random length to each page, so that nothing is told by how well a secret in it compresses (BREACH).
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "clinic.pages.language.staff_in_english",
    "clinic.pages.caching.kept_nowhere",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "clinic.urls"
WSGI_APPLICATION = "clinic.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [("django.template.loaders.cached.Loader", ["clinic.pages.table_roles.Loader"])],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "clinic.pages.context.public_numbers",
                "triage.pages.context.rules_banner",
            ],
        },
    }
]

DATABASE_URL = os.environ.get("DATABASE_URL", "postgresql://postgres@/ruleout")
DATABASES = {"default": dj_database_url.parse(DATABASE_URL, conn_max_age=None, conn_health_checks=True)}
# Timeouts bound every wait. What `clinic.rows` asks again and again PostgreSQL plans once a connection; a pooler that
# shares connections and knows nothing of prepared statements (PgBouncer before 1.21) needs "no".
PREPARED_STATEMENTS = os.environ.get("PREPARED_STATEMENTS", "yes") == "yes"
DATABASES["default"].setdefault("OPTIONS", {})
DATABASES["default"]["OPTIONS"] |= {
    "options": "-c lock_timeout=5s -c statement_timeout=30s",
    "prepare_threshold": 5 if PREPARED_STATEMENTS else None,
}
# A cursor of the server lives in one of its connections: behind a pooler the next question may go to another one.
DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "clinic.Staff"
SILENCED_SYSTEM_CHECKS: list[str] = []

REDIS_URL = os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0")
# Requests never touch Redis: sessions live in the database, throttles in each process.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# The adapter that sends and calls; another one is a class with the methods of notifications.provider.Provider.
MESSAGE_PROVIDER = "notifications.provider.twilio.Twilio"
TWILIO_ACCOUNT_SID = os.environ.get("TWILIO_ACCOUNT_SID", "")
TWILIO_AUTH_TOKEN = os.environ.get("TWILIO_AUTH_TOKEN", "")
TWILIO_FROM = os.environ.get("TWILIO_FROM", "")
# A messaging service has no number to call from.
TWILIO_VOICE_FROM = os.environ.get("TWILIO_VOICE_FROM", TWILIO_FROM)
TWILIO_MESSAGING_SERVICE_SID = os.environ.get("TWILIO_MESSAGING_SERVICE_SID", "")
# Several senders in order, apart by commas: where one fails again and again the next takes its messages. Empty: the
# messaging service or the number above, and the number to call from.
TWILIO_SENDERS = [each.strip() for each in os.environ.get("TWILIO_SENDERS", "").split(",") if each.strip()]
TWILIO_VOICE_SENDERS = [each.strip() for each in os.environ.get("TWILIO_VOICE_SENDERS", "").split(",") if each.strip()]
# The numbers of our messaging services, apart by commas: a service is none that could be asked for its replies.
TWILIO_INBOUND_NUMBERS = [
    each.strip() for each in os.environ.get("TWILIO_INBOUND_NUMBERS", "").split(",") if each.strip()
]
# Segments a second of each sender of texts, in their order: one number for all, or as many as senders, apart by commas.
# What is not urgent waits for room. Empty: no limit.
TWILIO_SENDER_RATES = [each.strip() for each in os.environ.get("TWILIO_SENDER_RATES", "").split(",") if each.strip()]
TWILIO_API_BASE = os.environ.get("TWILIO_API_BASE", "")
TWILIO_TIMEOUT_SECONDS = float(os.environ.get("TWILIO_TIMEOUT_SECONDS", "10"))
# How many wrong links and birth dates one address may try within an hour. A clinic's patients may share an address.
LINK_GUESSES = int(os.environ.get("LINK_GUESSES", "30"))
# How long a text may yet appear at the provider after a call that was not answered; only then is it sent again.
MESSAGE_ABSENT_AFTER_SECONDS = float(os.environ.get("MESSAGE_ABSENT_AFTER_SECONDS", "120"))

# The adapter that hands documents over (fax, Direct); another one is a class with the methods of
# notifications.carrier.base.Carrier. Without an address a person sends them.
DOCUMENT_CARRIER = "notifications.carrier.gateway.Gateway"
DOCUMENT_CARRIER_URL = os.environ.get("DOCUMENT_CARRIER_URL", "").rstrip("/")
DOCUMENT_CARRIER_TOKEN = os.environ.get("DOCUMENT_CARRIER_TOKEN", "")
DOCUMENT_CARRIER_TIMEOUT_SECONDS = float(os.environ.get("DOCUMENT_CARRIER_TIMEOUT_SECONDS", "15"))
# How long a job may yet appear at the carrier after a request that was not answered.
DOCUMENT_ABSENT_AFTER_SECONDS = float(os.environ.get("DOCUMENT_ABSENT_AFTER_SECONDS", "60"))
# After how long without a receipt the carrier is asked, again and again.
DOCUMENT_RECEIPT_AFTER_SECONDS = float(os.environ.get("DOCUMENT_RECEIPT_AFTER_SECONDS", "120"))

CELERY_BROKER_URL = REDIS_URL
# Kombu looks at no certificate where nobody says that it shall. What the URL says of that itself goes first.
CELERY_BROKER_USE_SSL = {"ssl_cert_reqs": ssl.CERT_REQUIRED} if REDIS_URL.startswith("rediss://") else False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = False
CELERY_WORKER_CONCURRENCY = THREADS
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_timeout": 5, "socket_connect_timeout": 2}
CELERY_DB_REUSE_MAX = 1000
CELERY_WORKER_ENABLE_REMOTE_CONTROL = True
CELERY_TIMEZONE = "UTC"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]
LOCALE_PATHS = [BASE_DIR / "clinic" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT", BASE_DIR / "staticfiles"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if ENVIRONMENT == "test":
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}

if ENVIRONMENT == "test":
    # What makes guessing slow makes each seeded log-in of a test slow as well: a third of a second.
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/staff/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "clinic.accounts.StaffAccountAdapter"
ACCOUNT_FORMS = {"login": "clinic.pages.log_in.LogInForm"}
# A signature (of a report, an order, an episode's end) takes a log-in that passed a second factor. Production always
# asks for it; the demo and the tests only when they are told to, and say so.
SECOND_FACTOR_REQUIRED = PRODUCTION or os.environ.get("SECOND_FACTOR", "") == "required"
MFA_ADAPTER = "clinic.accounts.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "clinic.second_factor_forms.LogInForm",
    "reauthenticate": "clinic.second_factor_forms.AgainForm",
    "activate_totp": "clinic.second_factor_forms.SetUpForm",
}
# A phone's clock may be off by half a minute.
MFA_TOTP_TOLERANCE = 1
# Staff have no mail box that we know of: an administrator makes their accounts.
MFA_ALLOW_UNVERIFIED_EMAIL = True
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
CSRF_FAILURE_VIEW = "clinic.pages.kept.csrf_failure"
SECURE_SSL_REDIRECT = SECURE and os.environ.get("TLS_TERMINATED", "no") != "yes"
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
# Not "no-referrer": browsers then send `Origin: null` with every form, and the check against forgery refuses them all.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
# The public base is the only origin that forms are taken from.
CSRF_TRUSTED_ORIGINS = [PUBLIC_BASE_URL]
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "clinic.api.authentication.TokenAuthentication",
        "clinic.api.authentication.StaffSessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["clinic.api.permissions.Declared"],
    "DEFAULT_RENDERER_CLASSES": ["clinic.api.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["clinic.api.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "clinic.api.pagination.EventCursorPagination",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "clinic.api.problems.handle",
    "DEFAULT_THROTTLE_CLASSES": ["clinic.api.throttles.PublicThrottle"],
    "DEFAULT_THROTTLE_RATES": {"public": os.environ.get("PUBLIC_THROTTLE", "120/min")},
    # How many proxies of our own stand before it: what they say of a client's address is believed, and nothing else.
    # One, where TLS ends before us.
    "NUM_PROXIES": int(os.environ.get("TRUSTED_PROXIES", "1" if SECURE else "0")),
    "UNAUTHENTICATED_USER": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Ruleout",
    "VERSION": "1",
    "DESCRIPTION": "Triage, same-day DVT rule-out, booking, results and follow-up.",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "ENUM_NAME_OVERRIDES": {
        "SideEnum": "clinic.models.report.Side",
        "VeinSideEnum": ["left", "right"],
        "OrderDDimerEnum": "clinic.models.order.DDimer",
        "DDimerEnum": ["positive", "negative", "unknown"],
        "LanguageEnum": "clinic.models.patient.Language",
        "InterpreterEnum": list(INTERPRETED.items()),
    },
}

LOGGING = logs.to_console(os.environ.get("LOG_LEVEL", "INFO"))

# The numbers of the public article: the rule-out line and Patient Services.
RULE_OUT_LINE = "+18777226388"
RULE_OUT_LINE_WORDS = "877-SCAN-DVT"
PATIENT_SERVICES_LINE = "+12405124759"
CLINIC_SHORT_NAME = "Vein Center"
# What an authenticator app shows beside the code.
MFA_TOTP_ISSUER = CLINIC_SHORT_NAME
