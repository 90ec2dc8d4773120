"""A dossier's page as tests press it."""

from io import BytesIO
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from tests import province as p
from vamco.dossiers.models import Dossier


def sign_in(client, post: str, code: str = p.COMMUNE):
    client.force_login(p.person(post, code))
    return client


def url(dossier: Dossier, key: str = "") -> str:
    return (
        reverse("dossier_act", args=[dossier.code, key]) if key else reverse("dossier", args=[dossier.code])
    )


def press(client, dossier: Dossier, key: str, outcome: str = "", **fields):
    data = {"version": dossier.version, "request_key": uuid4().hex, "outcome": outcome, "ds": "", **fields}
    return client.post(url(dossier, key), {name.replace("__", "."): value for name, value in data.items()})


def again(dossier: Dossier) -> Dossier:
    return Dossier.objects.get(pk=dossier.pk)


def picture(name: str = "so-ho-khau.png") -> SimpleUploadedFile:
    content = BytesIO()
    Image.new("RGB", (40, 60), "white").save(content, "PNG")
    return SimpleUploadedFile(name, content.getvalue(), "image/png")
