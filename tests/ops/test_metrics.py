"""The operator's figures are for programs on the machine."""

import pytest

pytestmark = pytest.mark.django_db


def test_on_the_machine_they_count_requests(client):
    client.get("/healthz")
    assert b"django_http_requests_total_by_method_total" in client.get("/metrics").content


@pytest.mark.parametrize(
    "stranger", [{"REMOTE_ADDR": "203.0.113.7"}, {"HTTP_X_FORWARDED_FOR": "203.0.113.7"}]
)
def test_a_stranger_does_not_see_them(client, stranger):
    answer = client.get("/metrics", **stranger)
    assert answer.status_code == 403
    assert b"django_http" not in answer.content
