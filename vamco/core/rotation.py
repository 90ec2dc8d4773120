"""Changing the keys: every encrypted value and every lookup hash is written anew under new keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.utils.translation import gettext as _

from . import secrets
from .fields import EncryptedTextField, LookupField
from .models import Installation


def rotate(batch: int = 500) -> int:
    """Put new keys first, write everything anew under them, then forget the old keys; answers the rows
    written.

    May run while people work, and again after it broke off: each batch is a transaction of its own, old keys
    read until the end. On several machines the key file must reach all of them between `secrets.add_keys`,
    `reencrypt` and `secrets.drop_old_keys`: call the three one by one there.
    """
    secrets.add_keys()
    rows = reencrypt(batch)
    keep_fingerprint()
    secrets.drop_old_keys()
    return rows


def keep_fingerprint() -> None:
    """Note in the database which keys its encrypted values are written under."""
    Installation.objects.update_or_create(pk=1, defaults={"keys": secrets.fingerprints()[0]})


def wrong_keys() -> str:
    """What to say when the key file is not the one of this database; empty when it is, or nothing is noted yet."""
    noted = Installation.objects.filter(pk=1).values_list("keys", flat=True).first()
    if noted is None or noted in secrets.fingerprints():
        return ""
    return _(
        "Tệp khóa %(path)s không phải của cơ sở dữ liệu này: số định danh đã lưu không đọc được. "
        "Hãy đặt lại đúng tệp secrets.json (có trong bản sao lưu) rồi khởi động lại."
    ) % {"path": secrets.keys_path()}


def reencrypt(batch: int = 500) -> int:
    """Write every encrypted value and lookup hash that an old key made anew under the first keys."""
    return sum(_reencrypt_model(model, batch) for model in secret_models())


def secret_models() -> Iterator[type[models.Model]]:
    """The models that hold encrypted values."""
    for model in apps.get_models():
        if any(isinstance(column, EncryptedTextField | LookupField) for column in model._meta.local_fields):
            yield model


def _reencrypt_model(model: type[models.Model], batch: int) -> int:
    columns = [c for c in model._meta.local_fields if isinstance(c, EncryptedTextField | LookupField)]
    rows, last = 0, None
    while True:
        with transaction.atomic():
            query: Any = model._base_manager.select_for_update(of=("self",), no_key=True).order_by("pk")
            found = list((query.filter(pk__gt=last) if last is not None else query)[:batch])
            for row in found:
                for column in columns:
                    if isinstance(column, LookupField):
                        setattr(row, column.attname, column.hash_of(row))
            if found:
                # Of an EncryptedTextField the value is encrypted again, under the first key, as it is
                # written.
                model._base_manager.bulk_update(found, [column.name for column in columns])
        if not found:
            return rows
        rows, last = rows + len(found), found[-1].pk
