"""The one settings file: read from VAMCO_* variables, each with a safe default. docs/operator.md lists them."""

import json
import os
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from vamco.core import postgres, secrets

HOME = Path(os.environ.get("VAMCO_HOME") or Path.home() / ".local/share/vamco").resolve()
HOME.mkdir(mode=0o700, parents=True, exist_ok=True)

DEBUG = False
DEMO = os.environ.get("VAMCO_DEMO") == "1"
SECRET_KEY = secrets.secret_key(HOME)
ALLOWED_HOSTS = [h for h in os.environ.get("VAMCO_HOSTS", "127.0.0.1,localhost,[::1]").split(",") if h]
BASE_URL = os.environ.get("VAMCO_URL", f"http://127.0.0.1:{os.environ.get('VAMCO_PORT', '8000')}").rstrip("/")
CSRF_TRUSTED_ORIGINS = [BASE_URL]
HTTPS = BASE_URL.startswith("https://")

INSTALLED_APPS = [
    "vamco.core",
    "vamco.organisation",
    "vamco.timing",
    "vamco.notify",
    "vamco.attachments",
    "vamco.history",
    "vamco.configuration",
    "vamco.parties",
    "vamco.procedures",
    "vamco.results",
    "vamco.payments",
    "vamco.dossiers",
    "vamco.demo",
    "vamco.web",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "csp",
    "django_prometheus",
    "procrastinate.contrib.django",
    "ninja",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "vamco.web.middleware.CompressionMiddleware",
    "vamco.web.middleware.PolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "vamco.web.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "vamco.organisation.middleware.OneTimePasswordMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "vamco.core.middleware.RefusalMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "vamco.urls"
WSGI_APPLICATION = "vamco.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "vamco.web.context.layout",
                "vamco.organisation.context.staff",
                "vamco.notify.context.unread",
            ],
        },
    }
]

# Database --------------------------------------------------------------------------------------------------
# Two roles: the owner migrates, the serving role may only add to the ledger and read it.
_urls = postgres.database_urls(HOME)
_url = _urls.owner if os.environ.get("VAMCO_AS_OWNER") == "1" else _urls.serving
_database = postgres.django_database(_url)
# A pool waits twice as long after each try for a database that is down: given up soon, the next request tries anew.
_pool_sizes = {"min_size": 1, "max_size": 8, "timeout": 10, "reconnect_timeout": 3}
_pool = {"pool": _pool_sizes} if os.environ.get("VAMCO_POOL") == "1" else {}
# A statement on a cursor of core/prepared.py is kept from its sixth time on; no other statement is.
_options = {**_database.get("OPTIONS", {}), "prepare_threshold": 5, **_pool}
DATABASES = {
    "default": {**_database, "OPTIONS": _options},
    # Serials of dossier codes are taken outside the caller's transaction, so that nobody queues for one.
    # Their commits need not wait for the disk: the dossier's own commit, later in the same log, does.
    "serials": {
        **_database,
        "OPTIONS": {
            **_options,
            "options": f"{_options.get('options', '')} -c synchronous_commit=off".strip(),
        },
        "TEST": {"MIRROR": "default"},
    },
}
SERVING_ROLE = postgres.role_of(_urls.serving)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Holds only what may be lost at any moment, such as the figures of the home page: it keeps 300 entries and drops others.
# What limits somebody is counted by core/limits.py.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "core_cache"}}

# Sign-in ---------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "organisation.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/viec/"
ACCOUNT_ADAPTER = "vamco.organisation.signin.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SESSION_REMEMBER = False
# allauth would count in the cache, which may lose it; see organisation/lockout.py and organisation/account_urls.py.
ACCOUNT_RATE_LIMITS = False
# Without a proxy nobody's word is taken for where they come from.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("VAMCO_BEHIND_PROXY") == "1")
USERSESSIONS_TRACK_ACTIVITY = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ADAPTER = "vamco.organisation.signin.MFAAdapter"
MFA_FORMS = {
    "authenticate": "vamco.organisation.signin.SecondStepForm",
    "reauthenticate": "vamco.organisation.signin.SecondStepAgainForm",
}
MFA_TOTP_ISSUER = "Vàm Cỏ"
SESSION_COOKIE_AGE = 10 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True

# Security headers ------------------------------------------------------------------------------------------
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if os.environ.get("VAMCO_BEHIND_PROXY") == "1" else None
)
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
CSRF_FAILURE_VIEW = "vamco.web.views.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    }
}

# Language and time -----------------------------------------------------------------------------------------
# The interface is written in Vietnamese; English is the translation.
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [Path(__file__).parent / "locale"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True

# Operator --------------------------------------------------------------------------------------------------
# Names on the citizens' pages. Each is set by its own variable (VAMCO_SITE_OFFICE ...), or several by VAMCO_SITE, a
# JSON object; what is empty is not shown.
VAMCO_SITE = {
    "title": _("Dịch vụ công"),
    "province": "Tỉnh Long An",
    "office": "Trung tâm Phục vụ hành chính công tỉnh Long An",
    "hours": _("Thứ Hai đến thứ Sáu, 7:00–11:30 và 13:30–17:00"),
    "phone": "072 000 0000",
    "phone_digits": "0720000000",
    "phone_note": _("số minh họa"),
    "logo": "",
    "security": "",
    **json.loads(os.environ.get("VAMCO_SITE") or "{}"),
}
VAMCO_SITE = {key: os.environ.get(f"VAMCO_SITE_{key.upper()}", value) for key, value in VAMCO_SITE.items()}

# A section of a shared page that fails is logged, and the page says that a part is missing; under test it fails the page.
SECTIONS_MAY_FAIL = True

# Files -----------------------------------------------------------------------------------------------------
FILES = HOME / "files"
MAX_UPLOAD = int(os.environ.get("VAMCO_MAX_UPLOAD", 25 * 1024 * 1024))
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": HOME / "uploads"},
    },
    "staticfiles": {"BACKEND": "vamco.core.static.StaticStorage"},
}
WHITENOISE_USE_FINDERS = True

# Jobs: each room's jobs.py
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

# Messages --------------------------------------------------------------------------------------------------
SMTP_URL = os.environ.get("VAMCO_SMTP_URL", "")
MAIL_FROM = os.environ.get("VAMCO_MAIL_FROM", "khong-tra-loi@vamco.example")

# Logs ------------------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    # Strangers who ask for other hosts are refused without filling the log.
    "loggers": {"django.security.DisallowedHost": {"handlers": [], "propagate": False}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("VAMCO_LOG_LEVEL", "WARNING")},
}
