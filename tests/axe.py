"""Accessibility of a page as axe-core sees it, for every browser test.

axe-core comes inside the package axe-playwright-python (a development dependency), so that no Node is needed.
"""

import os
from importlib.util import find_spec
from pathlib import Path

import pytest


def _source() -> str:
    spec = find_spec("axe_playwright_python")
    if spec and spec.origin:
        return (Path(spec.origin).parent / "axe.min.js").read_text(encoding="utf-8")
    if os.environ.get("VAMCO_REQUIRE_BROWSER") == "1":
        pytest.fail("axe-core is missing: install axe-playwright-python")
    pytest.skip("axe-core is missing: install axe-playwright-python")


def serious(page) -> list[tuple[str, list[str]]]:
    """The serious and critical findings on a playwright page: rule and the elements at fault."""
    page.evaluate(_source())
    found = page.evaluate(
        "axe.run({resultTypes: ['violations']}).then(({violations}) => violations"  # all results weigh megabytes
        ".filter(({impact}) => ['serious', 'critical'].includes(impact))"
        ".map(({id, nodes}) => [id, nodes.map(({html}) => html)]))"
    )
    return [(rule, nodes) for rule, nodes in found]


def sideways(page) -> int:
    """By how many pixels the page scrolls sideways; 0 is right."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
