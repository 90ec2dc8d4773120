"""A key file that is lost is noticed before anything is written under another."""

import os

import pytest

from vamco.core import doctor, rotation, secrets, serving


@pytest.fixture
def other_keys(tmp_path, monkeypatch):
    monkeypatch.setenv("VAMCO_SECRETS", str(tmp_path / "secrets.json"))
    return tmp_path


@pytest.mark.django_db
def test_the_installations_own_keys_are_known():
    rotation.keep_fingerprint()
    assert rotation.wrong_keys() == ""


@pytest.mark.django_db
def test_other_keys_are_refused_and_the_doctor_says_so(other_keys):
    with pytest.MonkeyPatch.context() as own:
        own.delenv("VAMCO_SECRETS")
        rotation.keep_fingerprint()
    assert "secrets.json" in serving.missing_migrations()
    assert doctor.secret_file().verdict == "wrong"


@pytest.mark.django_db
def test_a_rotation_is_noted(other_keys):
    rotation.keep_fingerprint()
    before = secrets.fingerprints()[0]
    rotation.rotate()
    assert secrets.fingerprints()[0] != before
    assert rotation.wrong_keys() == ""
    assert os.path.exists(other_keys / "secrets.json")
