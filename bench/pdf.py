"""How long a printed paper takes: `python bench/pdf.py` prints milliseconds a paper, one thread."""

import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import django
from django.apps import apps

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vamco.settings")
if not apps.ready:
    django.setup()

from tests.dossiers import paper_samples as samples
from vamco.core import papers, result_text
from vamco.results.paper import Letter

RESULT = Path(__file__).resolve().parent.parent / "tests/core/result_texts/tinh_trang_hon_nhan.txt"


def measure(name: str, make: Callable[[int], bytes], times: int) -> None:
    make(0)
    taken = []
    for n in range(1, times + 1):
        start = time.perf_counter()
        made = make(n)
        taken.append((time.perf_counter() - start) * 1000)
    taken.sort()
    middle, high = taken[len(taken) // 2], taken[int(len(taken) * 0.95)]
    print(f"{name:34} {middle:9.1f} {high:9.1f} {len(made) / 1000:8.0f}")


def receipt(n: int) -> bytes:
    item = replace(samples.ITEM, code=f"000.00.12.H39-161209-{n:04}", tracking_url=f"{samples.URL}{n}")
    return replace(samples.RECEIPT, items=[item], receiver=f"Trần Quốc Bảo {n}").pdf()


def result(n: int) -> bytes:
    text = RESULT.read_text()
    values = dict.fromkeys(result_text.keys(text), f"giá trị {n}")
    office, at = papers.Office("UBND", "Bến Lức"), datetime(2016, 12, 9, tzinfo=UTC)
    return Letter(office, "Giấy", at, str(n), result_text.blocks(text, values)).pdf()


def main() -> None:
    print(f"{'paper':34} {'median ms':>9} {'95 % ms':>9} {'kB':>8}")
    measure("receipt, one dossier", receipt, 100)
    measure(
        "supplement slip",
        lambda n: replace(samples.SUPPLEMENT, number=f"{n}/HDHS").pdf(),
        100,
    )
    measure("refusal slip", lambda n: replace(samples.REFUSAL, number=f"{n}/TCTN").pdf(), 100)
    measure("result from a template, A4", result, 100)
    measure("register, 100 rows", lambda n: replace(samples.register(100), book=str(n)).pdf(), 5)
    measure("register, 2,000 rows", lambda n: replace(samples.register(2000), book=str(n)).pdf(), 1)


if __name__ == "__main__":
    main()
