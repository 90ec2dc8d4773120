"""The demo: Long An's units of 2016 with people in their posts and the work of the last month, made by the real actions
under a clock that is told the time."""

from .loading import accounts, load, things_to_try

__all__ = ["accounts", "load", "things_to_try"]
