"""Static files under names that carry their hash, so that a browser keeps them for good, and compressed beforehand."""

import fcntl

from django.conf import settings
from django.core.management import call_command
from whitenoise.storage import CompressedManifestStaticFilesStorage

LIBRARIES = ["account", "django_htmx", "mfa", "ninja"]


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Names with hashes where a file was collected, plain names elsewhere: of libraries, in tests and in commands."""

    def stored_name(self, name: str) -> str:
        """The name under which a file is served."""
        hashed: str | None = self.hashed_files.get(self.hash_key(self.clean_name(name)))
        return hashed or name


def collect() -> None:
    """Put our static files into `STATIC_ROOT`. Those of earlier releases stay for pages that are open.

    Files of libraries are served from where they lie: compressing the API's documentation takes seconds. Web processes of one machine that start together do it one after the other.
    """
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    with (settings.STATIC_ROOT / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=LIBRARIES)
