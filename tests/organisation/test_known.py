"""Who is known by the headers of a request alone: what decides whether a large body is read at all."""

import io
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session

from tests import province as p
from vamco.core import clock
from vamco.core.actors import SYSTEM
from vamco.organisation.actions import issue_token
from vamco.organisation.api import is_known
from vamco.organisation.models import ApiToken

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]


def environ(cookie="", **headers):
    made = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/hồ-sơ/".encode().decode("latin-1"),
        "CONTENT_LENGTH": "300000",
        "wsgi.input": io.BytesIO(),
    }
    made |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
    if cookie:
        made["HTTP_COOKIE"] = f"{settings.SESSION_COOKIE_NAME}={cookie}"
    return made


def session_of(client, user):
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def token():
    return issue_token(SYSTEM, p.person("mot_cua"), name="test")[1]


def bearer(token):
    return environ(authorization=f"Bearer {token}")


def test_a_session_and_a_token_are_known(client, token):
    assert is_known(environ(session_of(client, p.person("mot_cua"))))
    assert is_known(bearer(token))


def test_what_is_asked_of_is_left_as_it_was(token):
    asked = bearer(token)
    before = dict(asked)
    is_known(asked)
    assert asked == before


@pytest.mark.parametrize(
    "stranger",
    [
        {},
        {"cookie": "made-up"},
        {"cookie": "x" * 4000},
        {"cookie": "\x00'\xff"},
        {"authorization": "Bearer made-up"},
        {"authorization": "Bearer "},
        {"authorization": "Bearer \x00\xff"},
        {"authorization": "Basic dXNlcjpwYXNz"},
    ],
)
def test_what_is_made_up_is_not(stranger):
    assert not is_known(environ(**stranger))


def test_a_session_without_a_person_is_not(client):
    session = client.session
    session["language"] = "vi"
    session.save()
    assert not is_known(environ(session.session_key))


def test_what_ended_is_not(client, token):
    cookie = session_of(client, p.person("mot_cua"))
    Session.objects.filter(pk=cookie).update(expire_date=clock.now() - timedelta(seconds=1))
    ended = clock.now() - timedelta(seconds=1)
    ApiToken.objects.update(created_at=ended - timedelta(days=1), expires_at=ended)
    assert not is_known(environ(cookie))
    assert not is_known(bearer(token))


def test_a_person_who_left_is_not(client, token):
    user = p.person("mot_cua")
    cookie = session_of(client, user)
    user.is_active = False
    user.save()
    assert not is_known(environ(cookie))
    assert not is_known(bearer(token))


def test_a_revoked_token_is_not(token):
    ApiToken.objects.update(revoked_at=clock.now())
    assert not is_known(bearer(token))


def test_a_session_from_before_the_password_was_changed_is_not(client):
    user = p.person("mot_cua")
    cookie = session_of(client, user)
    user.set_password("mật khẩu khác hẳn")
    user.save()
    assert not is_known(environ(cookie))


def test_an_input_is_not_read(token):
    class Unread(io.BytesIO):
        def read(self, *_size):
            raise AssertionError("read")

    assert is_known({**bearer(token), "wsgi.input": Unread()})
