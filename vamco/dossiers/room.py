"""The one-stop shop."""

from django.utils.translation import gettext_lazy as _

from vamco.core.rooms import HandOver, Indicator, MessageKind, Nav, Permission, Room, Section, Setting, Way

from . import indicators, left_behind, sections
from .work.actions.supplements import ANSWER_DAYS, MOST_DAYS

ROOM = Room(
    nav=(
        Nav(_("Việc"), "inbox", "dossiers.view", 10, also="/ho-so/"),
        Nav(_("Tiếp nhận"), "intake", "dossiers.receive", 20),
        Nav(_("Làm ngay"), "at_once", "dossiers.at_once", 30),
        Nav(_("Sổ"), "books", "dossiers.close_book", 50),
        Nav(_("Sổ"), "books", "dossiers.receive", 51),
    ),
    ways=(Way("tracking_search", _("Tra cứu")),),
    permissions={
        "dossiers.answer": Permission(_("Trả lời ý kiến"), "specialist head"),
        "dossiers.assign": Permission(_("Phân công hồ sơ"), "head leader supervisor"),
        "dossiers.at_once": Permission(_("Giải quyết ngay tại quầy"), "intake"),
        "dossiers.close": Permission(_("Kết thúc hồ sơ quá hạn bổ sung"), "intake"),
        "dossiers.close_book": Permission(_("Khóa sổ hồ sơ"), "supervisor"),
        "dossiers.consult": Permission(_("Xin ý kiến đơn vị khác"), "specialist head"),
        "dossiers.correct": Permission(_("Sửa hồ sơ đã nhận"), "intake"),
        "dossiers.export": Permission(_("Xuất danh sách hồ sơ"), "supervisor"),
        "dossiers.hand_over": Permission(_("Trả kết quả"), "intake"),
        "dossiers.import": Permission(_("Nạp hồ sơ từ tệp"), "supervisor"),
        "dossiers.new_date": Permission(_("Dự thảo phiếu xin lỗi, hẹn lại"), "specialist head"),
        "dossiers.note": Permission(
            _("Ghi chú vào hồ sơ"), "intake specialist head leader registrar cashier supervisor"
        ),
        "dossiers.receive": Permission(_("Tiếp nhận hồ sơ"), "intake"),
        "dossiers.resume": Permission(_("Nhận bổ sung"), "intake"),
        "dossiers.sign_new_date": Permission(_("Ký phiếu xin lỗi, hẹn lại"), "head leader"),
        "dossiers.supervise": Permission(_("Giám sát, gỡ hồ sơ bị kẹt"), "supervisor"),
        "dossiers.supplement": Permission(_("Yêu cầu bổ sung"), "intake specialist head"),
        "dossiers.take_back": Permission(
            _("Lấy lại hồ sơ vừa chuyển"), "intake specialist head leader registrar"
        ),
        "dossiers.view": Permission(
            _("Xem hồ sơ"), "intake specialist head leader registrar cashier supervisor auditor"
        ),
        "dossiers.work": Permission(_("Xử lý hồ sơ"), "intake specialist head leader registrar"),
        "files.upload": Permission(_("Gửi tệp lên"), "intake specialist head registrar"),
    },
    messages={
        "received": MessageKind(_("đã tiếp nhận")),
        "step": MessageKind(_("đến bước cần biết")),
        "supplement": MessageKind(_("cần bổ sung")),
        "new_date": MessageKind(_("hẹn lại ngày trả")),
        "result_ready": MessageKind(_("có kết quả")),
        "refused": MessageKind(_("từ chối giải quyết")),
        "withdrawn": MessageKind(_("đã rút hồ sơ")),
        "closing": MessageKind(_("sắp đóng hoặc đã đóng")),
        "mention": MessageKind(_("được nhắc đến trong ghi chú")),
        "warning": MessageKind(_("cảnh báo thời hạn")),
        "back_to_pool": MessageKind(_("hồ sơ về hàng chung")),
    },
    entries={"dossiers.open_sensitive": _("Mở hồ sơ nhạy cảm")},
    hand_overs=(
        HandOver(
            _("hồ sơ đang giữ"),
            left_behind.dossiers_of,
            _("sẽ về hàng chung của đơn vị"),
            left_behind.release,
            left_behind.holders,
        ),
        HandOver(_("hồ sơ chưa xong"), left_behind.dossiers_at, _("giải quyết hoặc điều chuyển trước")),
        HandOver(
            _("ý kiến được hỏi mà chưa trả lời"), left_behind.opinions_of, _("trả lời các ý kiến đó trước")
        ),
    ),
    public=("home", "tracking_search", "tracking"),
    api="vamco.dossiers.api.router",
    morning=(Section("dossiers/morning.html", sections.morning, "dossiers.view", 10),),
    unit=(Section("dossiers/of_unit.html", sections.of_unit, "dossiers.view", 10),),
    indicators={
        "on_time": Indicator(
            _("Giải quyết đúng hạn trong 90 ngày qua"),
            indicators.on_time,
            _("có kết quả không muộn hơn giờ hẹn; mỗi hồ sơ tính một lần, cho nơi đã nhận"),
            none=_("chưa có hồ sơ nào"),
            permission="dossiers.view",
        ),
        "received_month": Indicator(
            _("Hồ sơ nhận trong tháng"),
            indicators.received_month,
            _("tính từ ngày mùng một; mỗi hồ sơ tính một lần, cho nơi đã nhận"),
            permission="dossiers.view",
        ),
    },
    settings={
        "dossiers.supplement_days": Setting(
            _("Hạn bổ sung hồ sơ thường dùng"),
            int,
            ANSWER_DAYS,
            _("ngày làm việc; dùng khi cán bộ không ghi hạn khác trong yêu cầu bổ sung"),
            least=1,
            most=MOST_DAYS,
            by_unit=True,
        ),
    },
)
