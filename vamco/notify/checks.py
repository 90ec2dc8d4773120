"""What `vamco doctor` looks at: whether messages can leave the house."""

import smtplib
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from vamco.core.findings import Finding


def mail() -> Iterator[Finding]:
    """Messages can leave the house."""
    name = _("Thư điện tử")
    if not settings.SMTP_URL:
        yield Finding(
            name,
            "warn",
            _("chưa đặt máy chủ thư: thư chỉ nằm ở hộp thư đi"),
            "VAMCO_SMTP_URL=smtp://user:password@host:587",
        )
        return
    parts = urlsplit(settings.SMTP_URL)
    host, port = parts.hostname or "", parts.port or (465 if parts.scheme == "smtps" else 25)
    kind = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
    try:
        with kind(host, port, timeout=5) as server:
            server.noop()
    except (OSError, smtplib.SMTPException) as problem:
        yield Finding(
            name,
            "wrong",
            _("không nối được tới %(host)s:%(port)s (%(why)s)")
            % {"host": host, "port": port, "why": type(problem).__name__},
            _("Kiểm tra VAMCO_SMTP_URL và tường lửa; thư được giữ lại và gửi khi nối được."),
        )
    else:
        yield Finding(name, "ok", f"{host}:{port}")
