"""The settings of an installation that has one room more: `vamco.shelf`, which stands beside this file."""

from pathlib import Path

import vamco

vamco.__path__.append(str(Path(__file__).parent))

from vamco.settings import *  # noqa: E402, F403

INSTALLED_APPS = [*INSTALLED_APPS, "vamco.shelf"]  # noqa: F405
