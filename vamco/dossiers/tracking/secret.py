"""The second secret, with which the applicant reads names, papers and reasons."""

import hmac
import unicodedata
from datetime import timedelta

from django.utils.translation import gettext as _

from vamco.core import limits
from vamco.core.limits import Limit

from ..models import Dossier

WINDOW = timedelta(minutes=15)
"""How long wrong secrets are remembered, from the first one."""
MOST_HERE, MOST_FROM, MOST_FOR = 5, 30, 60
"""Failed attempts allowed per dossier and address, per address, per dossier. The last is high enough that a stranger does
not easily lock the applicant out, and low enough that 30^6 secrets cannot be tried."""


def check_secret(dossier: Dossier, secret: str, address: str) -> bool:
    """Whether the second secret is right, in constant time. Raises `TooMany` after repeated wrong ones.

    Each try is counted before it is looked at, so that parallel ones cannot overtake the limit; a right one is given
    back, so that an applicant may look as often as they like.
    """
    network = limits.network(address)
    taken = limits.take(
        Limit("dossiers.secret", f"{dossier.pk} {network}", MOST_HERE, WINDOW),
        Limit("dossiers.secret from", network, MOST_FROM, WINDOW),
        Limit("dossiers.secret for", str(dossier.pk), MOST_FOR, WINDOW),
        says=lambda _ends_at: _(
            "Đã nhập sai mã riêng nhiều lần. Hãy thử lại sau 15 phút, hoặc hỏi tại nơi nộp hồ sơ."
        ),
    )
    typed = "".join(unicodedata.normalize("NFKC", secret[:40]).upper().split())
    right = hmac.compare_digest(typed.encode(), dossier.secret.encode())
    if right:
        limits.give_back(taken)
    return right
