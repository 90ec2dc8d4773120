"""The counter's screen as tests fill it."""

import html
import re

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests import province as p

NUMBER = "080161000412"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


def form(**changes):
    """Everything typed for a certificate of marital status, in order."""
    base = {
        "procedure": p.MARRIAGE,
        "case": "thuong",
        "applicant-number": NUMBER,
        "applicant-name": "Nguyễn Thị Mỹ Hạnh",
        "applicant-kind": "person",
        "applicant-phone": "0913 000 124",
        "applicant-address": "48/2 ấp 3",
        "f-tinh_trang": "chua_ket_hon",
        "f-muc_dich": "vay_von",
        "p-to_khai-ok": "on",
        "p-to_khai-o": "1",
        "p-giay_to_tuy_than-ok": "on",
        "p-giay_to_tuy_than-c": "1",
        "p-giay_to_cu_tru-ok": "on",
        "p-giay_to_cu_tru-c": "1",
        "pay": "on_return",
        "return_by": "counter",
        "channel": "counter",
        "request_key": "key-1",
        "do": "receive",
    }
    return {name: value for name, value in {**base, **changes}.items() if value is not None}


def name_of(key):
    """Names of inputs use a dash; keyword arguments can't."""
    return key.replace("__", "-")


def press(client, do="receive", **changes):
    """Press a button with the form filled; `applicant__name=…` changes an input."""
    return client.post(
        reverse("intake"), form(do=do, **{name_of(key): value for key, value in changes.items()})
    )


def text_of(answer):
    body = re.sub(r"<(script|style|svg|option|datalist)\b.*?</\1>", " ", answer.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))


def value(answer, name):
    """The value that an input of the page holds."""
    found = re.search(rf'<input[^>]*\bname="{re.escape(name)}"[^>]*>', answer.content.decode())
    held = re.search(r'\bvalue="([^"]*)"', found[0]) if found else None
    return html.unescape(held[1]) if held else None


def scan(name="cmnd.pdf", content=PDF):
    return SimpleUploadedFile(name, content, content_type="application/pdf")
