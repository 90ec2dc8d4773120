"""`vamco createsuperuser` as operators run it from a script."""

from collections.abc import Iterator

import pytest

from tests.live import Live, installation

ASKED = ("createsuperuser", "--noinput", "--username", "Goc", "--full_name", "Lê Gốc")


@pytest.fixture
def live() -> Iterator[Live]:
    """Of its own: the other tests of this folder count the accounts of theirs."""
    with installation() as made:
        yield made


def test_a_weak_password_is_refused_in_words_and_a_good_one_opens_the_account(live: Live) -> None:
    live.env["DJANGO_SUPERUSER_PASSWORD"] = "x"
    refused = live.vamco(*ASKED, check=False)
    assert refused.returncode == 1
    assert refused.stderr.startswith("vamco: Mật khẩu")
    assert "Traceback" not in refused.stderr

    live.env["DJANGO_SUPERUSER_PASSWORD"] = "mot-cau-dai-de-nho"
    live.vamco(*ASKED)
    found = (
        "from vamco.organisation.models import User; answer = User.objects.get(username='goc').is_superuser"
    )
    assert live.run(found) is True
