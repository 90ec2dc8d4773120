"""`vamco createsuperuser` as operators run it from a script."""

from tests.live import Live

ASKED = ("createsuperuser", "--noinput", "--username", "Goc", "--full_name", "Lê Gốc")


def test_a_weak_password_is_refused_in_words_and_a_good_one_opens_the_account(installed: Live) -> None:
    installed.env["DJANGO_SUPERUSER_PASSWORD"] = "x"
    refused = installed.vamco(*ASKED, check=False)
    assert refused.returncode == 1
    assert refused.stderr.startswith("vamco: Mật khẩu")
    assert "Traceback" not in refused.stderr

    installed.env["DJANGO_SUPERUSER_PASSWORD"] = "mot-cau-dai-de-nho"
    installed.vamco(*ASKED)
    found = (
        "from vamco.organisation.models import User; answer = User.objects.get(username='goc').is_superuser"
    )
    assert installed.run(found) is True
