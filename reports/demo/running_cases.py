"""The inspection committee of the running year: cases in every state, recommendations of every age."""

import datetime

from inspections.preparing import issue_programme, plan_inspections

from .casework import (
    GOOD_PRACTICE,
    HEAD,
    INSPECT,
    MERIT,
    SEAT,
    SECRETARY,
    SHORTCOMING,
    Asked,
    Deed,
    Notice,
    Plan,
    Visit,
    go_through,
    seats,
    topics,
)
from .loading import Demo
from .people import FEMALE, MALE

Day = datetime.date
ABOVE = "doan-khoi"


def build(demo: Demo) -> None:
    by = demo.accounts["ubkt"]
    team = seats(
        (by, "Chủ nhiệm Ủy ban Kiểm tra Đoàn Khối", HEAD),
        (demo.crowd.name(MALE), "Ủy viên Ủy ban Kiểm tra Đoàn Khối", SECRETARY),
        (demo.crowd.name(FEMALE), "Ủy viên Ban Chấp hành Đoàn Khối", SEAT),
    )
    this_year = [_overdue, _owed, _of_the_office, _visited, _forgotten, _coming]
    for ago, number, visits in ((400, "04", [_closed]), (190, "05", this_year)):
        issued_on = demo.ago(ago)
        programme = issue_programme(
            by=by, unit=demo.units[ABOVE], year=issued_on.year, number=f"{number}-KH/UBKT", issued_on=issued_on,
            in_name_of="inspection", title=f"Kế hoạch kiểm tra, giám sát năm {issued_on.year}",
        )  # fmt: skip
        for visit in visits:
            visit(demo, by, programme, team)


def _open(demo, by, programme, team, unit, visited_on, title="Kiểm tra công tác Đoàn và phong trào thanh niên"):
    start = Day(visited_on.year, 1, 1)
    if (visited_on - start).days < 30:
        start = start.replace(year=start.year - 1)
    [case] = plan_inspections(
        by=by, on=programme.issued_on, programme=programme, units=[demo.units[unit]], title=title,
        inspection_kind="periodic", review_from=start, review_to=visited_on, visited_on=visited_on,
        day_part="morning", place="Phòng họp của đơn vị",
        topics=topics((INSPECT, "Thực hiện chỉ tiêu công tác năm"), (INSPECT, "Nền nếp sinh hoạt, sổ sách của đơn vị")),
        team=team,
    )  # fmt: skip
    return case


def _notice(by, day: Day, number: int) -> Notice:
    return Notice(
        day=day, number=f"{number:02d}-TB/UBKT", opening="Đơn vị chuẩn bị hồ sơ đầy đủ, báo cáo đúng đề cương.",
        capacity="TM. Ủy ban Kiểm tra", post="Chủ nhiệm", name=by.full_name,
    )  # fmt: skip


def _account(words: str) -> dict:
    hosts = [("Ban Chấp hành và đoàn viên đơn vị", ""), ("Đại diện cấp ủy", "")]
    return {"part": "morning", "place": "Phòng họp của đơn vị", "account": words, "hosts": hosts}


def _closed(demo, by, programme, team):
    visited = demo.ago(365)
    ago = demo.ago
    case = _open(demo, by, programme, team, "thanh-tra", visited)
    visit = Visit(
        day=visited, **_account("Chi đoàn có 9 đoàn viên, sinh hoạt đều; kế hoạch năm chưa có chỉ tiêu bằng số."),
        findings=[(GOOD_PRACTICE, "Mỗi buổi sinh hoạt có một chuyên đề nghiệp vụ do đoàn viên trình bày.", False,
                   Deed("branch_meetings")),
                  (SHORTCOMING, "Kế hoạch năm chưa nêu chỉ tiêu bằng số.", False)],
        asked=[Asked("Lượng hóa chỉ tiêu trong kế hoạch năm sau.", of=(2,), due_on=ago(320), proof="Kế hoạch năm",
                     steps=[(ago(330), "answer", "Đã đưa chỉ tiêu bằng số vào dự thảo kế hoạch năm."),
                            (ago(318), "adequate", "Đã xem dự thảo kế hoạch.")])],
    )  # fmt: skip
    go_through(demo, case, visit, _notice(by, ago(355), 31), by=by, close_on=ago(310))


def _overdue(demo, by, programme, team):
    """Concluded four months ago: one late, one waiting for its check, one closed, one without a date."""
    ago = demo.ago
    case = _open(demo, by, programme, team, "tt-hanh-chinh-cong", ago(130))
    visit = Visit(
        day=ago(130), **_account("Chi đoàn bận trực một cửa nên nhiều tháng không sinh hoạt; hồ sơ lưu chưa đủ."),
        party_remark="Chi bộ đề nghị Chi đoàn xếp lịch sinh hoạt theo ca trực.",
        findings=[
            (MERIT, "Đoàn viên là lực lượng chính hướng dẫn nộp hồ sơ trực tuyến.", False, Plan("digital_help_turns")),
            (SHORTCOMING, "Sinh hoạt chi đoàn bỏ nhiều tháng.", True, Plan("branch_meetings")),
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
        ],
    )  # fmt: skip
    go_through(demo, case, visit, _notice(by, ago(121), 14), by=by)


def _owed(demo, by, programme, team):
    """The secretary's own branch: something due in a few days, something just late, something sent back."""
    ago = demo.ago
    case = _open(demo, by, programme, team, "so-tttt", ago(52))
    visit = Visit(
        day=ago(52), **_account("Chi đoàn vượt chỉ tiêu hiến máu; sinh hoạt định kỳ chưa đều; sáng kiến còn ít."),
        party_remark="Chi bộ sẽ giao Chi đoàn một nhiệm vụ chuyển đổi số cụ thể trong năm tới.",
        questions=[("Vì sao sinh hoạt chưa đều?", "Ban Chấp hành kiêm nhiệm, lịch chưa ấn định từ đầu tháng.")],
        findings=[
            (MERIT, "Giữ được nền nếp hiến máu, vượt chỉ tiêu được giao.", False, Plan("blood_turns")),
            (SHORTCOMING, "Sinh hoạt định kỳ còn tháng bỏ trống.", True, Plan("branch_meetings")),
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
        ],
    )  # fmt: skip
    go_through(demo, case, visit, _notice(by, ago(45), 22), by=by)


def _of_the_office(demo, by, programme, team):
    """The office whose Party committee reads the summary: one done and checked, one still to do."""
    ago = demo.ago
    case = _open(demo, by, programme, team, "cuc-thads", ago(80))
    visit = Visit(
        day=ago(80), **_account("Chi đoàn bám theo ý kiến chỉ đạo của Đảng ủy; việc tồn đọng còn chậm."),
        party_remark="Đảng ủy ghi nhận báo cáo quý có số liệu, đề nghị tập trung vào việc tồn đọng.",
        findings=[
            (GOOD_PRACTICE, "Mỗi ý kiến chỉ đạo đều có chỉ tiêu bằng số và người phụ trách.", False, Plan("law_talks")),
            (SHORTCOMING, "Số việc tồn đọng giải quyết chậm so với kế hoạch.", True, Plan("backlog_cleared")),
            (SHORTCOMING, "Biên bản hai buổi sinh hoạt chưa có chữ ký thư ký.", False, Deed("branch_meetings")),
        ],
        asked=[
            Asked("Bổ sung chữ ký vào biên bản, phân công thư ký cố định.", of=(3,), due_on=ago(50),
                  steps=[(ago(60), "answer", "Đã bổ sung, phân công một thư ký cho cả năm."),
                         (ago(55), "adequate", "Đã xem sổ biên bản.")]),
            Asked("Lập danh sách việc tồn đọng theo tháng, giao từng đoàn viên.", of=(2,), due_on=ago(-20)),
        ],
    )  # fmt: skip
    go_through(demo, case, visit, _notice(by, ago(72), 19), by=by)


def _visited(demo, by, programme, team):
    """Visited this week, the notice is still to be written."""
    day = demo.ago(4)
    case = _open(demo, by, programme, team, "so-tu-phap", day)
    visit = Visit(
        day=day, **_account("Các chỉ tiêu đều đạt hoặc vượt; Chi đoàn nêu khó khăn về kinh phí hoạt động hè."),
        findings=[(MERIT, "Chỉ tiêu giao từ đầu năm đều có người phụ trách.", False)],
        asked=[Asked("Gửi Đoàn Khối cách làm để nhân rộng.", due_on=demo.ago(-30))],
    )  # fmt: skip
    go_through(demo, case, visit, None, by=by)


def _forgotten(demo, by, programme, team):
    """The agreed day is over and nobody has written the visit down."""
    _open(demo, by, programme, team, "so-ldtbxh", demo.ago(9))


def _coming(demo, by, programme, team):
    day = demo.ago(-10)
    _open(demo, by, programme, team, "vp-ubnd", day, title="Kiểm tra việc thực hiện chỉ tiêu năm")
