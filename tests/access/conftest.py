"""This commune with its things, and somebody with every role in another one."""

import pytest
from django.test import Client

from tests.province import COMMUNE, MONDAY, OTHER_COMMUNE, PROVINCE, unit
from vamco.core.actors import SYSTEM
from vamco.organisation import actions as organisation
from vamco.organisation.models import User
from vamco.organisation.roles import roles

from .test_urls import World


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def wrong() -> User:
    """Somebody with every role, in another commune."""
    where = unit(OTHER_COMMUNE)
    user = organisation.create_person(SYSTEM, where, username="moi.vai.tro", full_name="Lê Văn Đủ Vai")
    post = organisation.create_post(SYSTEM, where, key="tat_ca", title="Mọi vai trò")
    for role in roles():
        organisation.grant(SYSTEM, post, role=role, unit=where)
    organisation.appoint(SYSTEM, post, user=user, since=MONDAY.date())
    return user


@pytest.fixture
def wrong_client(wrong: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(wrong)
    return client


@pytest.fixture
def anybody() -> User:
    """Somebody with every role, in this commune and in the province."""
    where = unit(PROVINCE)
    user = organisation.create_person(SYSTEM, where, username="moi.viec", full_name="Lê Thị Đủ Việc")
    post = organisation.create_post(SYSTEM, where, key="tat_ca", title="Mọi vai trò")
    for role in roles():
        for one in (where, unit(COMMUNE)):
            organisation.grant(SYSTEM, post, role=role, unit=one)
    organisation.appoint(SYSTEM, post, user=user, since=MONDAY.date())
    return user
