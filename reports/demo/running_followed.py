"""Cases of the last two years whose notice is out: recommendations of every age, one file to close, one re-inspection.

Each function opens its case in the programme and gives the play that leads it to where it stands today.
"""

from functools import partial

from inspections.models import CasePaper
from inspections.moving import order_reinspection

from .casework import (
    CONSIDERABLE,
    GOOD_PRACTICE,
    GRAVE,
    MERIT,
    SHORTCOMING,
    SLIGHT,
    Asked,
    Before,
    Deed,
    Job,
    Plan,
    Sheet,
    Talk,
    Visit,
)
from .running_scene import REPORT, Scene, account, notice, open_case


def closed(s: Scene):
    visited = s.demo.ago(365)
    ago = s.demo.ago
    case = open_case(s, "thanh-tra", visited)
    visit = Visit(
        day=visited, **account("Chi đoàn có 9 đoàn viên, sinh hoạt đều; kế hoạch năm chưa có chỉ tiêu bằng số."),
        findings=[(GOOD_PRACTICE, "Mỗi buổi sinh hoạt có một chuyên đề nghiệp vụ do đoàn viên trình bày.", False,
                   Deed("branch_meetings")),
                  (SHORTCOMING, "Kế hoạch năm chưa nêu chỉ tiêu bằng số.", False)],
        asked=[Asked("Lượng hóa chỉ tiêu trong kế hoạch năm sau.", of=(2,), due_on=ago(320), proof="Kế hoạch năm",
                     steps=[(ago(330), "answer", "Đã đưa chỉ tiêu bằng số vào dự thảo kế hoạch năm."),
                            (ago(318), "adequate", "Đã xem dự thảo kế hoạch.")])],
    )  # fmt: skip
    return partial(s.go, case, visit, notice(s, ago(355), 31), close_on=ago(310))


ASK = (
    "Đề nghị Chi đoàn báo cáo kết quả kèm minh chứng về Ủy ban Kiểm tra Đoàn Khối các cơ quan tỉnh trước ngày "
    "{:%d/%m/%Y}; việc chưa làm được thì nêu rõ lý do và thời hạn đề nghị gia hạn."
)


def overdue(s: Scene):
    """Concluded four months ago: one late, one waiting for its check, one closed, one without a date."""
    ago = s.demo.ago
    case = open_case(s, "tt-hanh-chinh-cong", ago(130))
    visit = Visit(
        day=ago(130), **account("Chi đoàn bận trực một cửa nên nhiều tháng không sinh hoạt; hồ sơ lưu chưa đủ."),
        party_remark="Chi bộ đề nghị Chi đoàn xếp lịch sinh hoạt theo ca trực.",
        findings=[
            (MERIT, "Đoàn viên là lực lượng chính hướng dẫn nộp hồ sơ trực tuyến.", False, Plan("digital_help_turns")),
            (SHORTCOMING, "Sinh hoạt chi đoàn bỏ nhiều tháng.", True, Plan("branch_meetings"), GRAVE),
            (SHORTCOMING, "Không có số liệu về sáng kiến và tin, bài.", False, Plan("initiative_members")),
        ],
        asked=[
            Asked("Sinh hoạt hằng tháng theo ca trực, có biên bản.", of=(2,), due_on=ago(21), proof="Biên bản"),
            Asked("Ghi đủ số liệu sáng kiến, tin, bài trong năm.", of=(3,), due_on=ago(40),
                  steps=[(ago(45), "answer", "Đã rà soát; năm nay chưa có sáng kiến được công nhận.")]),
            Asked("Phân công người giữ sổ sách của Chi đoàn.", due_on=ago(90),
                  steps=[(ago(100), "answer", "Đã phân công một ủy viên Ban Chấp hành."),
                         (ago(95), "adequate", "Có nghị quyết phân công.")]),
            Asked("Tham mưu chi bộ cách bố trí thời gian sinh hoạt cho đoàn viên trực một cửa."),
            Asked("Lập góc truyền thống của Chi đoàn tại nơi làm việc.", due_on=ago(30),
                  steps=[(ago(33), "accept", "Trụ sở đang sửa chữa, chưa có chỗ đặt.", ago(-25))]),
        ],
    )  # fmt: skip
    s.sheets.append((case, Sheet(ago(14), CasePaper.Kind.REMINDER, texts={"ask": ASK.format(ago(-7))}, about=(1,))))
    return partial(s.go, case, visit, notice(s, ago(121), 41))


def owed(s: Scene):
    """The secretary's own branch: something due in a few days, something just late, something sent back."""
    ago = s.demo.ago
    case = open_case(s, "so-tttt", ago(52))
    visit = Visit(
        day=ago(52), **account("Chi đoàn vượt chỉ tiêu hiến máu; sinh hoạt định kỳ chưa đều; sáng kiến còn ít."),
        party_remark="Chi bộ sẽ giao Chi đoàn một nhiệm vụ chuyển đổi số cụ thể trong năm tới.",
        questions=[("Vì sao sinh hoạt chưa đều?", "Ban Chấp hành kiêm nhiệm, lịch chưa ấn định từ đầu tháng.")],
        findings=[
            (MERIT, "Giữ được nền nếp hiến máu, vượt chỉ tiêu được giao.", False, Plan("blood_turns")),
            (SHORTCOMING, "Sinh hoạt định kỳ còn tháng bỏ trống.", True, Plan("branch_meetings"), CONSIDERABLE),
            (SHORTCOMING, "Số đoàn viên có sáng kiến mới bằng một nửa kế hoạch.", False, Plan("initiative_members")),
        ],
        asked=[
            Asked("Ấn định ngày sinh hoạt trong tuần đầu mỗi tháng, gửi lịch cho Đoàn Khối.",
                  of=(2,), due_on=ago(-9), proof="Lịch sinh hoạt quý"),
            Asked("Giao mỗi ủy viên Ban Chấp hành theo dõi một nhóm chỉ tiêu.", of=(3,), due_on=ago(5),
                  steps=[(ago(20), "answer", "Đã phân công tại buổi sinh hoạt gần nhất."),
                         (ago(12), "not", "Biên bản chưa ghi ai theo dõi nhóm chỉ tiêu nào.")]),
            Asked("Hỗ trợ đoàn viên làm hồ sơ công nhận sáng kiến.", of=(3,), due_on=ago(-38),
                  steps=[(ago(8), "answer", "Đã tổ chức một buổi hướng dẫn viết hồ sơ cho sáu đoàn viên.")]),
            Asked("Gắn minh chứng cho mọi hoạt động trong sổ hoạt động.", due_on=ago(-3), proof="Ảnh, văn bản",
                  steps=[(ago(4), "ask", "Ảnh của ba hoạt động hè còn ở máy của đồng chí đã chuyển công tác.",
                          ago(-24))]),
        ],
    )  # fmt: skip
    return partial(s.go, case, visit, notice(s, ago(45), 46))


def of_the_office(s: Scene):
    """The office whose Party committee reads the summary: one done and checked, one still to do."""
    ago = s.demo.ago
    case = open_case(s, "cuc-thads", ago(80))
    visit = Visit(
        day=ago(80), **account("Chi đoàn bám theo ý kiến chỉ đạo của Đảng ủy; việc tồn đọng còn chậm."),
        party_remark="Đảng ủy ghi nhận báo cáo quý có số liệu, đề nghị tập trung vào việc tồn đọng.",
        findings=[
            (GOOD_PRACTICE, "Mỗi ý kiến chỉ đạo đều có chỉ tiêu bằng số và người phụ trách.", False, Plan("law_talks")),
            (SHORTCOMING, "Số việc tồn đọng giải quyết chậm so với kế hoạch.", True, Plan("backlog_cleared")),
            (SHORTCOMING, "Biên bản hai buổi sinh hoạt chưa có chữ ký thư ký.", False, Talk(), SLIGHT),
        ],
        asked=[
            Asked("Bổ sung chữ ký vào biên bản, phân công thư ký cố định.", of=(3,), due_on=ago(50),
                  steps=[(ago(60), "answer", "Đã bổ sung, phân công một thư ký cho cả năm."),
                         (ago(55), "adequate", "Đã xem sổ biên bản.")]),
            Asked("Lập danh sách việc tồn đọng theo tháng, giao từng đoàn viên.", of=(2,), due_on=ago(-20),
                  steps=[(ago(64), "task", "Lập danh sách việc tồn đọng của từng tháng",
                          Job("Danh sách có tên người phụ trách", ago(-15)))]),
            Asked("Gửi Đảng ủy báo cáo việc tồn đọng.", owner="Bí thư Chi đoàn", due_on=ago(25), recurs="month",
                  recurs_until=ago(-110), proof="Báo cáo tháng",
                  steps=[(ago(27), "answer", "Đã gửi Đảng ủy báo cáo tháng đầu."),
                         (ago(24), "adequate", "Có số liệu theo từng đoàn viên.")]),
        ],
    )  # fmt: skip
    return partial(s.go, case, visit, notice(s, ago(72), 44))


def concluded(s: Scene):
    """A notice that asks nothing; the file is to be closed."""
    ago = s.demo.ago
    case = open_case(s, "thanh-tra", ago(30), title="Kiểm tra việc thực hiện kiến nghị năm trước")
    visit = Visit(
        day=ago(30), **account("Kế hoạch năm đã có chỉ tiêu bằng số; sinh hoạt đều."),
        before=Before(sent_on=ago(45), reported_on=ago(36), report=REPORT, verified_on=ago(33)), filed_on=ago(24),
        findings=[(MERIT, "Đã thực hiện xong kiến nghị của năm trước.", False)],
    )  # fmt: skip
    return partial(s.go, case, visit, notice(s, ago(10), 49))


def reinspected(s: Scene):
    """Last year's recommendation is still open: the committee goes to look again next month."""
    ago = s.demo.ago
    case = open_case(s, "so-tnmt", ago(350))
    visit = Visit(
        day=ago(350), **account("Chi đoàn có nhiều hoạt động bảo vệ môi trường; hồ sơ lưu chưa đủ."),
        findings=[(MERIT, "Hoạt động gắn với chuyên môn của ngành.", False),
                  (SHORTCOMING, "Hồ sơ hoạt động chưa có minh chứng.", False)],
        asked=[Asked("Lưu minh chứng cho từng hoạt động.", of=(2,), due_on=ago(200), proof="Hồ sơ hoạt động",
                     steps=[(ago(205), "answer", "Đã lưu ảnh của các hoạt động quý II."),
                            (ago(190), "not", "Quý I chưa có minh chứng."),
                            (ago(190), "extend", "Chờ bổ sung quý I.", ago(-40))])],
    )  # fmt: skip

    def play():
        held = s.go(case, visit, notice(s, ago(340), 33))
        held.refresh_from_db()
        order_reinspection(
            inspection=held, version=held.version, by=s.by, on=ago(14), planned_month=ago(-25),
            title="Phúc tra việc lưu minh chứng hoạt động",
        )  # fmt: skip

    return play
