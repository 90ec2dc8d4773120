"""The settings under test: an installation of its own in a temporary folder, connected as the owner.

This module is read before any conftest, and by pytest-xdist's workers with the environment of the first
process: they share one home and one database server, and each has a test database in it.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path


def _clean(home: str, process: int) -> None:
    """Stop the database server and remove the folder, also after a run that broke before its first test."""
    from vamco.core import postgres

    if os.getpid() == process:
        postgres.stop(Path(home))
        shutil.rmtree(home, ignore_errors=True)


if "VAMCO_TEST_HOME" not in os.environ:
    os.environ["VAMCO_TEST_HOME"] = tempfile.mkdtemp(prefix="vamco-test-")
    atexit.register(_clean, os.environ["VAMCO_TEST_HOME"], os.getpid())

for _name in [name for name in os.environ if name.startswith("VAMCO_")]:
    if _name not in (
        "VAMCO_TEST_HOME",
        "VAMCO_DATABASE_URL",
        "VAMCO_DATABASE_OWNER_URL",
        "VAMCO_REQUIRE_BROWSER",
        "VAMCO_CHROMIUM",
    ):
        del os.environ[_name]
os.environ["VAMCO_HOME"] = os.environ["VAMCO_TEST_HOME"]
os.environ["VAMCO_AS_OWNER"] = "1"

from vamco.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = [*ALLOWED_HOSTS, "testserver"]  # noqa: F405 (what Django's test client calls itself)
SECTIONS_MAY_FAIL = False
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405 (WhiteNoise warns about a folder that is not there)
