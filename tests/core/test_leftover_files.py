"""What nothing uses is deleted after a day; what something uses stays, whichever room has it."""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from django.db import connections, transaction
from django.db.models.fields.reverse_related import ForeignObjectRel

from tests import province as p
from tests.core.test_files import PDF, folder, on_disk
from vamco.attachments.actions import attach, remove
from vamco.core import clock, files, leftover_files
from vamco.core.actors import Actor
from vamco.core.jobs import forget_unused_files
from vamco.core.models import File
from vamco.dossiers.models import Dossier
from vamco.payments.models import Receipt

assert folder  # every test has its own folder

pytestmark = pytest.mark.usefixtures("province", "monday")
in_database = pytest.mark.django_db(databases=["default", "serials"])


def upload(actor: Actor, content: bytes = PDF, name: str = "a.pdf") -> File:
    return files.store(content, name=name, uploaded_by_id=actor.user_id)


def receipt_of(dossier: Dossier) -> Receipt:
    p.pay(dossier)
    return Receipt.objects.latest("pk")


def age(folder: Path) -> None:
    """Everything was stored two days ago."""
    File.objects.update(created_at=clock.now() - timedelta(days=2))
    for path in on_disk(folder):
        os.utime(path, (1, 1))


@in_database
def test_an_upload_that_was_put_on_nothing_goes_after_a_day(folder: Path) -> None:
    actor = p.actor("mot_cua")
    old = upload(actor)
    forget_unused_files()
    assert File.objects.filter(pk=old.pk).exists()
    age(folder)
    upload(actor, b"new", "b.txt")
    forget_unused_files()
    assert [file.name for file in File.objects.filter(uploaded_by_id=actor.user_id)] == ["b.txt"]
    assert len(on_disk(folder)) == 1


@in_database
def test_what_something_uses_stays(folder: Path) -> None:
    dossier, clerk = p.receive(), p.actor("mot_cua")
    p.decide(dossier)
    put = attach(clerk, receipt_of(dossier), file=upload(clerk))
    off = remove(clerk, attach(clerk, receipt_of(dossier), file=upload(clerk, b"off", "c.txt")))
    paper = dossier.papers.first()
    paper.file = upload(clerk, b"scan", "d.txt")
    paper.save()
    stray = upload(clerk, b"stray", "e.txt")
    File.objects.filter(uploaded_by=None).update(uploaded_by_id=clerk.user_id)
    results = set(File.objects.values_list("pk", flat=True)) - {stray.pk}
    age(folder)
    assert leftover_files.forget_unused(batch=2) == 1
    assert set(File.objects.values_list("pk", flat=True)) == results
    assert {put.file_id, off.file_id, paper.file_id} < results  # the result's own paper, too


@in_database
def test_the_content_stays_while_another_row_has_it(folder: Path) -> None:
    clerk = p.actor("mot_cua")
    attach(clerk, receipt_of(p.receive()), file=upload(clerk))
    upload(clerk)
    age(folder)
    assert leftover_files.forget_unused() == 1
    assert len(on_disk(folder)) == 1


@in_database
def test_every_table_that_refers_to_files_is_asked() -> None:
    asked = str(files.unused().query)
    for relation in File._meta.get_fields(include_hidden=True):
        if isinstance(relation, ForeignObjectRel) and not relation.many_to_many:
            assert relation.related_model._meta.db_table in asked


@in_database
def test_nothing_is_deleted_while_a_backup_runs(folder: Path) -> None:
    upload(p.actor("mot_cua"))
    age(folder)
    with ThreadPoolExecutor(1) as backup:
        began, done = Event(), Event()
        backup.submit(hold, began, done)
        assert began.wait(20)
        try:
            assert leftover_files.forget_unused() == 0
            assert leftover_files.sweep() == 0
        finally:
            done.set()
    assert leftover_files.forget_unused() == 1


def hold(began: Event, done: Event) -> None:
    try:
        with leftover_files.all_kept():
            began.set()
            done.wait(20)
    finally:
        connections.close_all()


def test_a_file_that_is_being_taken_is_left_alone(committed: None) -> None:
    clerk = p.actor("mot_cua")
    wanted = upload(clerk)
    File.objects.update(created_at=clock.now() - timedelta(days=2))
    with ThreadPoolExecutor(1) as clerk_at_work:
        taken, done = Event(), Event()
        clerk_at_work.submit(take, wanted, taken, done)
        assert taken.wait(20)
        try:
            assert leftover_files.forget_unused() == 0
        finally:
            done.set()
    assert leftover_files.forget_unused() == 1


def take(wanted: File, taken: Event, done: Event) -> None:
    try:
        with transaction.atomic():
            files.take(wanted, user_id=wanted.uploaded_by_id)
            taken.set()
            done.wait(20)
    finally:
        connections.close_all()


@in_database
def test_sweep_takes_only_old_contents_that_no_record_names(folder: Path) -> None:
    kept = files.store(PDF, name="a.pdf")
    with transaction.atomic():
        files.store(b"lost", name="a.txt")
        transaction.set_rollback(True)
    (folder / "tmp" / "half").write_bytes(b"x")
    assert leftover_files.sweep() == 0
    for path in on_disk(folder):
        os.utime(path, (1, 1))
    assert leftover_files.sweep(timedelta(days=1)) == 2
    assert [path.name for path in on_disk(folder)] == [kept.sha256]
