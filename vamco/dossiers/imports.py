"""The sheets of the one-stop shop, where jobs look for them."""

from .importing.sheet import RUNNING

__all__ = ["RUNNING"]
