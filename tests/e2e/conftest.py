"""One town for all walks: Long An's first commune with its people and their passwords, and dossiers to walk on."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.live import Live

from .people import DESK, PAPERS, Person

PASSWORD = "di-mot-cua-2026"
PATIENCE = 20_000
"""Milliseconds to wait for something to be seen: the machine may be busy with other tests."""
SET_UP = f"""
from django.contrib.auth.hashers import make_password
from tests import province as p
from vamco.organisation.models import Holding, User
from vamco.payments import actions as payments
from vamco.payments.models import ReceiptBook
p.load()
User.objects.update(password=make_password({PASSWORD!r}))
if not ReceiptBook.objects.filter(unit=p.unit()).exists():
    payments.open_book(p.actor("chu_tich"), p.unit(), symbol="BL-26T", first=1, last=1000)
holdings = Holding.objects.select_related("user", "post__unit").order_by("-pk")
answer = {{f"{{one.post.key}} {{one.post.unit.code}}": [one.user.username, one.user.full_name] for one in holdings}}
"""
PREPARE = """
import json
from tests import province as p
answer = {}
for name, upto in json.loads(%r):
    mail = p.PartyInput(name=name, email="dan@example.vn", phone="0913000124", address="48/2 ấp 3")
    answer[name] = p.decide(p.receive(parties=(mail,)), upto=upto).code
"""


@dataclass
class Town:
    """The running installation, who works there, and where each of them is signed in already."""

    live: Live
    browser: Any
    staff: dict[str, list[str]]
    signed_in: dict[str, Any] = field(default_factory=dict)

    def run(self, code: str) -> Any:
        """What only time or a job can do; see `Live.run`."""
        return self.live.run(code)

    def received(self, *names: str, upto: str = "tham_tra") -> list[str]:
        """Dossiers for a certificate of marital status, led to a step by those whose work that is; their codes."""
        made = self.run(PREPARE % json.dumps([[name, upto] for name in names]))
        return [made[name] for name in names]

    def secret(self, code: str) -> str:
        """The second secret that stands on a dossier's slip."""
        return str(
            self.run(
                f"from vamco.dossiers.models import Dossier; answer = Dossier.objects.get(code={code!r}).secret"
            )
        )


@pytest.fixture(scope="session")
def town(live: Live, browser: Any) -> Town:
    """The province's data and everybody's password, once."""
    expect.set_options(timeout=PATIENCE)
    return Town(live, browser, live.run(SET_UP))


@pytest.fixture
def someone(town: Town) -> Iterator[Callable[..., Person]]:
    """Puts people at browsers: `someone()` is a citizen, `someone("mot_cua")` the commune's counter officer, signed in.
    With `fresh=True` they sign in once more, as on another machine."""
    opened = []

    def sit_down(post: str = "", unit: str = "27694", *, fresh: bool = False) -> Person:
        key = f"{post} {unit}"
        context = town.browser.new_context(
            base_url=town.live.url,
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            viewport={"width": DESK, "height": 800},
            storage_state=None if fresh else town.signed_in.get(key),
        )
        context.set_default_timeout(PATIENCE)
        opened.append(context)
        username, name = town.staff[key] if post else ("", "")
        person = Person(context.new_page(), name, username)
        context.route(PAPERS, person.is_shown_a_paper)
        if post and (fresh or key not in town.signed_in):
            sign_in(person)
            if not fresh:
                town.signed_in[key] = context.storage_state()
        return person

    yield sit_down
    for context in opened:
        context.close()


def sign_in(person: Person) -> None:
    """Sign in by the page, as everybody does."""
    person.opens("/tai-khoan/login/", then="Cán bộ, công chức đăng nhập")
    person.fills({"Tên đăng nhập": person.username, "Mật khẩu": PASSWORD}).hits("Enter")
    person.page.wait_for_url(lambda address: "/tai-khoan/" not in address)
