"""The ten papers of case A, word for word."""

import datetime

import pytest

from inspections.following import answer_recommendation
from inspections.issuing import issue_paper
from inspections.models import CasePaper
from inspections.papering import begin_paper
from tests.papering import NOTICE, PROGRAMMED, SENT, VISIT, concluded_case, planned_case, sent_case, visited_case

pytestmark = pytest.mark.django_db
Day = datetime.date
UNIT = "Chi đoàn Cục Công nghệ thông tin"
BODY = "Ban Chấp hành Đoàn Thanh niên Bộ Tư pháp"
UBKT = "Ủy ban Kiểm tra Đoàn Thanh niên Bộ Tư pháp"
ORDER = (
    "Kế hoạch số 02-KH/ĐTN-UBKT ngày 28/02/2019 của Ban Chấp hành Đoàn Thanh niên Bộ Tư pháp về kiểm tra, giám sát "
    "công tác Đoàn và phong trào thanh niên năm 2019"
)
WEAK = "- Hoạt động chưa đều, chưa thường xuyên (sinh hoạt 9/12 tháng; đơn vị tự nêu). Đây là hạn chế đáng kể."
REVIEWED = "từ ngày 01/01/2019 đến ngày 27/11/2019"
LOOKED_AT = [
    "- Kiểm tra công tác Đoàn và phong trào thanh niên năm 2019.",
    "- Giám sát thực hiện Chỉ thị số 42-CT/TW ngày 24/03/2015.",
]
TEAM = [
    "- Đồng chí Trần Minh Quân, Phó Bí thư, Chủ nhiệm Ủy ban Kiểm tra - Trưởng đoàn;",
    "- Đồng chí Lê Thị Hoa, Ủy viên Ủy ban Kiểm tra - Thư ký.",
]
LED = (
    f"Thực hiện {ORDER}, chiều ngày 28/11/2019, Đoàn kiểm tra do đồng chí Trần Minh Quân, Phó Bí thư, Chủ nhiệm Ủy "
    f"ban Kiểm tra, làm Trưởng đoàn đã làm việc tại {UNIT} (Trụ sở Cục)."
)
ASKED = [
    ["1", "Xây dựng ngay kế hoạch năm 2020.", "Ban Chấp hành Chi đoàn", "15/01/2020", "Kế hoạch 2020"],
    ["2", "Triển khai đều các mặt công tác, chọn một điểm mạnh.", "Ban Chấp hành Chi đoàn", "30/06/2020", "Không nêu"],
    ["3", "Chủ động đề xuất và nhận những việc có thể đi đầu.", "Ban Chấp hành Chi đoàn", "Không đặt hạn", "Không nêu"],
]
DOTTED = "(dòng chấm)"
TOLD = "Thông báo số 11-TB/ĐTN-UBKT ngày 05/12/2019"


def said(record: dict) -> list[str]:
    """The running text; labels before it, tables left out, dotted lines named."""
    shown = [one for one in record["blocks"] if one["kind"] != "table"]
    lines = [DOTTED if one["kind"] == "fill" else f"{one.get('label', '')} {one['text']}".strip() for one in shown]
    return [*lines, f"{record['closing_label']} {record['closing']}".strip()]


def tables(record: dict) -> list[list[list[str]]]:
    return [one["table"]["rows"] for one in record["blocks"] if one["kind"] == "table"]


def around(record: dict) -> tuple:
    """What stands around the text: number, abstract, who gets it, who signs it."""
    return record["number"], record["abstract"], record["recipients"], record["signature"]


def test_the_programme_lists_what_is_planned():
    a = planned_case()
    paper = begin_paper(programme=a.programme, kind="programme", by=a.chair, on=PROGRAMMED)
    paper = issue_paper(
        paper=paper, version=paper.version, by=a.chair, on=NOTICE, dated_on=NOTICE,
        signer_capacity=paper.signer_capacity, signer_post=paper.signer_post, signer_name="Đỗ Khánh Yến",
    )  # fmt: skip
    record = paper.frozen
    assert (paper.dated_on, paper.entry.symbol) == (PROGRAMMED, "02-KH/ĐTN-UBKT")  # as the programme was issued
    assert (record["word"], *around(record)) == (
        "KẾ HOẠCH", "02-KH/ĐTN-UBKT", ["Kiểm tra, giám sát công tác Đoàn", "và phong trào thanh niên năm 2019"],
        ["Trung ương Đoàn (để b/c)", f"{UBKT} (để t/h)", "Các đơn vị được kiểm tra, giám sát (để t/h)", "Lưu UBKT"],
        ["TM. BAN CHẤP HÀNH", "BÍ THƯ", "Đỗ Khánh Yến"],
    )  # fmt: skip
    assert said(record) == [
        "- Căn cứ Điều lệ Đoàn TNCS Hồ Chí Minh;",
        "- Căn cứ chương trình công tác Đoàn và phong trào thanh thiếu nhi năm 2019 của Đoàn Thanh niên Bộ Tư pháp;",
        f"{BODY} ban hành Kế hoạch kiểm tra, giám sát công tác Đoàn và phong trào thanh niên năm 2019 như sau:",
        "I. MỤC ĐÍCH, YÊU CẦU",
        "Đánh giá việc thực hiện nhiệm vụ năm 2019.",
        "II. NỘI DUNG",
        "Kiểm tra công tác Đoàn năm 2019.",
        "III. ĐƠN VỊ, THỜI GIAN, HÌNH THỨC",
        "Năm 2019 thực hiện 01 cuộc tại 01 đơn vị theo Bảng 1.",
        "Bảng 1. Các cuộc kiểm tra, giám sát năm 2019",
        "IV. TỔ CHỨC THỰC HIỆN",
        f"1. {UBKT} chủ trì thực hiện, lập đoàn, gửi kế hoạch và đề cương cho đơn vị trước khi làm việc.",
        "2. Các đơn vị có tên trong Bảng 1 chuẩn bị báo cáo theo đề cương, bố trí người và hồ sơ làm việc với đoàn.",
        f"3. {UBKT} theo dõi, báo cáo kết quả thực hiện theo định kỳ.",
    ]
    title = "Kiểm tra công tác Đoàn năm 2019, giám sát thực hiện Chỉ thị số 42-CT/TW"
    assert tables(record) == [
        [["1", UNIT, title, "Kiểm tra định kỳ, giám sát chuyên đề", "Tháng 11/2019", "Trực tiếp tại đơn vị"]]
    ]


def test_the_decision_sets_up_the_team():
    record = sent_case().issue("decision", SENT).frozen
    assert around(record) == (
        "01-QĐ/ĐTN-UBKT", ["Về việc lập Đoàn kiểm tra để kiểm tra và giám sát", f"tại {UNIT}"],
        ["Như Điều 3", "Chi bộ Cục Công nghệ thông tin (để b/c)", "Lưu UBKT"], ["TM. BAN CHẤP HÀNH", "BÍ THƯ", ""],
    )  # fmt: skip
    assert said(record) == [
        "BAN CHẤP HÀNH ĐOÀN THANH NIÊN BỘ TƯ PHÁP",
        "- Căn cứ Điều lệ Đoàn TNCS Hồ Chí Minh;",
        f"- Căn cứ {ORDER};",
        f"- Xét đề nghị của {UBKT};",
        "QUYẾT ĐỊNH",
        f"Điều 1. Lập Đoàn kiểm tra để kiểm tra và giám sát tại {UNIT}, gồm 02 đồng chí có tên trong bảng dưới đây.",
        "Điều 2. Đoàn kiểm tra có nhiệm vụ kiểm tra công tác Đoàn và phong trào thanh niên năm 2019; giám sát thực "
        f"hiện Chỉ thị số 42-CT/TW ngày 24/03/2015; thời gian xem xét {REVIEWED}. Thời gian làm việc với đơn vị: "
        f"chiều ngày 28/11/2019. Đoàn kiểm tra báo cáo kết quả với {BODY} và kết thúc hoạt động khi hoàn thành nhiệm "
        "vụ.",
        f"Điều 3. {UBKT}, {UNIT} và các đồng chí có tên tại Điều 1 thực hiện Quyết định này, có hiệu lực từ ngày ký.",
    ]
    assert tables(record) == [
        [
            ["1", "Trần Minh Quân", "Phó Bí thư, Chủ nhiệm Ủy ban Kiểm tra", "Trưởng đoàn"],
            ["2", "Lê Thị Hoa", "Ủy viên Ủy ban Kiểm tra", "Thư ký"],
        ]
    ]


def test_the_plan_says_what_when_where_and_who():
    record = sent_case().issue("plan", SENT).frozen
    assert around(record) == (
        "03-KH/ĐTN-UBKT",
        ["Kiểm tra công tác Đoàn năm 2019", "và giám sát thực hiện Chỉ thị số 42-CT/TW", f"tại {UNIT}"],
        [f"{UNIT} (để t/h)", "Chi bộ Cục Công nghệ thông tin (để p/h)", "Đoàn kiểm tra (để t/h)", "Lưu UBKT"],
        ["TM. BAN CHẤP HÀNH", "BÍ THƯ", ""],
    )  # fmt: skip
    assert said(record) == [
        f"Thực hiện {ORDER}, {BODY} ban hành Kế hoạch kiểm tra và giám sát tại {UNIT} như sau:",
        "I. MỤC ĐÍCH, YÊU CẦU",
        "Đánh giá việc thực hiện nhiệm vụ năm 2019.",
        "II. NỘI DUNG, ĐỐI TƯỢNG, THỜI GIAN XEM XÉT",
        "1. Nội dung",
        *LOOKED_AT,
        "2. Đối tượng, thời gian xem xét",
        f"{UNIT}; thời gian xem xét {REVIEWED}.",
        "III. HÌNH THỨC, THỜI GIAN, ĐỊA ĐIỂM, THÀNH PHẦN",
        "1. Hình thức, thời gian, địa điểm",
        "- Hình thức: làm việc trực tiếp tại đơn vị.",
        "- Thời gian: chiều ngày 28/11/2019; địa điểm: Trụ sở Cục.",
        "2. Đoàn kiểm tra",
        *TEAM,
        "3. Phía đơn vị",
        f"- Ban Chấp hành, đoàn viên {UNIT}, đại diện Chi bộ Cục Công nghệ thông tin.",
        "IV. TRÌNH TỰ LÀM VIỆC",
        "- Trưởng đoàn nêu mục đích, nội dung làm việc;",
        f"- {UNIT} báo cáo;",
        f"- Đoàn kiểm tra trao đổi, {UNIT} trả lời;",
        "- Chi bộ Cục Công nghệ thông tin phát biểu;",
        "- Trưởng đoàn nhận xét, thông qua biên bản làm việc.",
        "V. TỔ CHỨC THỰC HIỆN",
        f"1. {UNIT} xây dựng báo cáo theo đề cương kèm theo, gửi Đoàn kiểm tra trước ngày 21/11/2019; chuẩn bị hồ sơ, "
        "sổ sách có liên quan.",
        f"2. Đoàn kiểm tra nghiên cứu báo cáo, hồ sơ, làm việc với đơn vị và báo cáo kết quả với {BODY}.",
    ]


def test_the_outline_is_an_annex_of_the_plan():
    a = sent_case()
    a.issue("plan", SENT)
    record = a.issue("outline", SENT).frozen
    assert (record["number"], record["reference"], record["recipients"]) == (
        "", f"Kèm theo Kế hoạch số 03-KH/ĐTN-UBKT ngày 11/11/2019 của {BODY}", [],
    )  # fmt: skip
    assert said(record) == [
        "I. ĐẶC ĐIỂM TÌNH HÌNH",
        "- Tổ chức, số lượng đoàn viên, Ban Chấp hành đương nhiệm;",
        "- Thuận lợi, khó khăn.",
        "II. KẾT QUẢ THỰC HIỆN",
        "1. Công tác Đoàn và phong trào thanh niên năm 2019.",
        "2. Thực hiện Chỉ thị số 42-CT/TW ngày 24/03/2015.",
        "III. ƯU ĐIỂM, HẠN CHẾ, NGUYÊN NHÂN",
        "- Ưu điểm và nguyên nhân;",
        "- Hạn chế, khuyết điểm và nguyên nhân;",
        "- Trách nhiệm của tập thể, cá nhân.",
        "IV. ĐỀ XUẤT, KIẾN NGHỊ",
        "Phương hướng khắc phục và đề xuất với Đoàn Thanh niên Bộ Tư pháp và Chi bộ Cục Công nghệ thông tin; số liệu "
        f"tính {REVIEWED}.",
    ]


def test_the_minutes_are_signed_by_three():
    record = visited_case().issue("session", VISIT).frozen
    assert (record["number"], record["abstract"]) == ("01-BB/ĐKT", ["Làm việc giữa Đoàn kiểm tra", f"và {UNIT}"])
    how = "(Ký, ghi rõ họ tên)"
    assert record["signers"] == [
        [["NGƯỜI GHI BIÊN BẢN"], how, "Lê Thị Hoa"], [["ĐẠI DIỆN ĐƠN VỊ"], how, "Đỗ Hải Yến"],
        [["TRƯỞNG ĐOÀN"], how, "Trần Minh Quân"],
    ]  # fmt: skip
    assert said(record) == [
        "I. THỜI GIAN, ĐỊA ĐIỂM, THÀNH PHẦN",
        "1. Thời gian, địa điểm: bắt đầu lúc …… giờ …… phút, chiều ngày 28/11/2019, tại Trụ sở Cục.",
        "2. Đoàn kiểm tra:",
        *TEAM,
        f"3. {UNIT}:",
        "- Đồng chí Đỗ Hải Yến, Bí thư Chi đoàn;",
        "- Toàn thể đoàn viên Chi đoàn.",
        "II. NỘI DUNG",
        "1. Mục đích, nội dung làm việc",
        *LOOKED_AT,
        f"Thời gian xem xét: {REVIEWED}.",
        "2. Đơn vị báo cáo",
        "Năm 2019, Chi đoàn đăng 06 ý tưởng, hoàn thành 01 công trình thanh niên.",
        "3. Trao đổi, làm rõ",
        "- Việc ứng dụng công nghệ thông tin trong công tác Đoàn: Chi đoàn đã làm phần mềm thi trắc nghiệm.",
        "4. Ý kiến của cấp ủy",
        "Chi bộ coi buổi làm việc là dịp nhìn lại một năm.",
        "5. Đoàn kiểm tra nhận xét bước đầu",
        "- Chuẩn bị báo cáo và hồ sơ đầy đủ.",
        WEAK,
        f"6. Ý kiến của {UNIT}",
        DOTTED,
        "Buổi làm việc kết thúc lúc …… giờ …… phút cùng ngày. Biên bản lập thành 02 bản, đã đọc lại cho mọi người "
        "cùng nghe và thống nhất, mỗi bên giữ 01 bản.",
    ]


def test_the_team_reports_to_who_sent_it():
    record = visited_case().issue("team_report", VISIT).frozen
    assert (record["addressee"], *around(record)) == (
        [BODY], "01-BC/ĐKT",
        ["Kết quả kiểm tra công tác Đoàn năm 2019", "và giám sát thực hiện Chỉ thị số 42-CT/TW", f"tại {UNIT}"],
        ["Như trên", f"{UBKT} (để b/c)", "Lưu hồ sơ"], ["TM. ĐOÀN KIỂM TRA", "TRƯỞNG ĐOÀN", "Trần Minh Quân"],
    )  # fmt: skip
    assert said(record) == [
        LED,
        f"Đoàn kiểm tra báo cáo {BODY} kết quả như sau:",
        "I. NỘI DUNG, QUÁ TRÌNH THỰC HIỆN",
        "1. Nội dung, phạm vi",
        *LOOKED_AT,
        f"Thời gian xem xét: {REVIEWED}.",
        "2. Quá trình thực hiện",
        f"- Ngày 11/11/2019: gửi kế hoạch, đề cương cho {UNIT}.",
        "- Ngày 28/11/2019: làm việc tại đơn vị.",
        "II. KẾT QUẢ",
        "1. Ưu điểm",
        "- Chuẩn bị báo cáo và hồ sơ đầy đủ.",
        "2. Hạn chế",
        WEAK,
        "III. ĐÁNH GIÁ CỦA ĐOÀN KIỂM TRA",
        DOTTED,
        "IV. ĐỀ XUẤT, KIẾN NGHỊ",
        f"Đoàn kiểm tra đề xuất {BODY} yêu cầu {UNIT} thực hiện 03 kiến nghị tại Bảng 1.",
        "Bảng 1. Kiến nghị đề xuất",
        f"Kính trình {BODY} xem xét, kết luận.",
    ]
    assert tables(record) == [ASKED]


def test_the_notice_concludes_with_three_recommendations():
    concluded_case()
    record = CasePaper.objects.get(kind="notice").frozen
    assert around(record) == (
        "11-TB/ĐTN-UBKT",
        ["Kết luận kiểm tra công tác Đoàn năm 2019", "và giám sát thực hiện Chỉ thị số 42-CT/TW", f"tại {UNIT}"],
        ["Chi bộ Cục Công nghệ thông tin (để p/h)", f"{UNIT} (để t/h)", f"{UBKT} (để theo dõi)", "Lưu UBKT"],
        ["TM. BAN CHẤP HÀNH", "PHÓ BÍ THƯ", "Trần Minh Quân"],
    )
    assert said(record) == [
        LED,
        f"Sau khi xem xét báo cáo của {UNIT} và ý kiến của Chi bộ Cục Công nghệ thông tin, {BODY} thông báo kết luận "
        "như sau:",
        "I. NỘI DUNG, PHẠM VI",
        "1. Kiểm tra công tác Đoàn và phong trào thanh niên năm 2019.",
        "2. Giám sát thực hiện Chỉ thị số 42-CT/TW ngày 24/03/2015.",
        f"Thời gian xem xét: {REVIEWED}.",
        "II. KẾT QUẢ",
        "1. Đơn vị báo cáo",
        "Năm 2019, Chi đoàn đăng 06 ý tưởng, hoàn thành 01 công trình thanh niên.",
        "- Việc ứng dụng công nghệ thông tin trong công tác Đoàn: Chi đoàn đã làm phần mềm thi trắc nghiệm.",
        "2. Ưu điểm",
        "- Chuẩn bị báo cáo và hồ sơ đầy đủ.",
        "3. Hạn chế",
        WEAK,
        "III. Ý KIẾN CỦA CẤP ỦY",
        "Chi bộ coi buổi làm việc là dịp nhìn lại một năm.",
        "IV. KẾT LUẬN VÀ KIẾN NGHỊ",
        "Chi đoàn chuẩn bị tốt, báo cáo trung thực.",
        f"{BODY} đề nghị {UNIT} thực hiện 03 kiến nghị tại Bảng 1.",
        "Bảng 1. Kiến nghị sau kiểm tra, giám sát",
        "V. TỔ CHỨC THỰC HIỆN",
        f"1. {UNIT} thực hiện và báo cáo kết quả từng kiến nghị về {UBKT}.",
        f"2. {UBKT} theo dõi, kiểm tra việc thực hiện từng kiến nghị.",
    ]
    assert tables(record) == [ASKED]


def test_the_reminder_tells_what_is_left_and_late():
    record = concluded_case().issue("reminder", Day(2020, 2, 3)).frozen
    assert (record["about"], record["addressee"], *around(record)) == (
        "V/v đôn đốc thực hiện kiến nghị sau kiểm tra và giám sát", [UNIT], "01-CV/ĐTN-UBKT", [],
        ["Như trên", "Chi bộ Cục Công nghệ thông tin (để p/h)", "Lưu UBKT"], ["TM. BAN CHẤP HÀNH", "BÍ THƯ", ""],
    )  # fmt: skip
    assert said(record) == [
        f"{BODY} đã ban hành {TOLD} sau kiểm tra và giám sát tại {UNIT} với 03 kiến nghị.",
        "Đến ngày 03/02/2020, chưa có kiến nghị nào được xác nhận hoàn thành; còn 03 kiến nghị chưa hoàn thành, trong "
        "đó 01 kiến nghị quá hạn.",
        f"{BODY} đề nghị {UNIT} thực hiện 03 kiến nghị tại Bảng 1.",
        "Bảng 1. Kiến nghị đề nghị thực hiện, tính đến ngày 03/02/2020",
        f"Đề nghị {UNIT} báo cáo kết quả từng kiến nghị kèm minh chứng về {UBKT} trước ngày ……/……/………; kiến nghị chưa "
        "thực hiện được thì nêu rõ lý do và thời hạn đề nghị gia hạn.",
    ]
    [rows] = tables(record)
    assert [row[3:] for row in rows] == [
        ["15/01/2020", "19 ngày", "Chưa báo"], ["30/06/2020", "-", "Chưa báo"], ["Không đặt hạn", "-", "Chưa báo"],
    ]  # fmt: skip


def test_the_unit_reports_in_its_own_name_what_it_answered():
    a = concluded_case()
    first = a.case.recommendations.get(number=1)
    text = "Đã ban hành kế hoạch năm 2020."
    answer_recommendation(recommendation=first, version=first.version, by=a.secretary, on=Day(2020, 1, 8), text=text)
    record = a.issue("remediation", Day(2020, 2, 3)).frozen
    assert (record["issuer"], record["addressee"], *around(record)) == (
        ["CHI ĐOÀN CỤC", "CÔNG NGHỆ THÔNG TIN"], [UBKT], "01-BC/CĐ",
        ["Kết quả thực hiện kiến nghị", "sau kiểm tra và giám sát"],
        ["Như trên", "Chi bộ Cục Công nghệ thông tin (để b/c)", "Lưu Chi đoàn"],
        ["TM. BAN CHẤP HÀNH", "BÍ THƯ", "Đỗ Hải Yến"],
    )  # fmt: skip
    assert said(record) == [
        f"Thực hiện {TOLD} của {BODY}, {UNIT} báo cáo kết quả thực hiện 03 kiến nghị như sau:",
        "I. TÌNH HÌNH TRIỂN KHAI",
        DOTTED,
        "II. KẾT QUẢ THỰC HIỆN TỪNG KIẾN NGHỊ",
        "1. Xây dựng ngay kế hoạch năm 2020",
        "- Ngày 08/01/2020: đã ban hành kế hoạch năm 2020.",
        "2. Triển khai đều các mặt công tác, chọn một điểm mạnh",
        DOTTED,
        "3. Chủ động đề xuất và nhận những việc có thể đi đầu",
        DOTTED,
        "III. KHÓ KHĂN, ĐỀ XUẤT",
        DOTTED,
        f"Trên đây là kết quả thực hiện 1/3 kiến nghị, {UNIT} báo cáo {UBKT}.",
    ]


def test_the_closing_note_says_what_became_of_each():
    a = concluded_case()
    a.case.recommendations.filter(number=1).update(state="closed", ended_on=Day(2020, 1, 20))
    gone = {"state": "withdrawn", "ended_on": Day(2020, 2, 2), "withdrawn_reason": "Đã sáp nhập"}
    a.case.recommendations.exclude(number=1).update(**gone)
    record = a.issue("closing", Day(2020, 2, 3)).frozen
    assert (record["issuer"], record["addressee"], *around(record)) == (
        ["ỦY BAN KIỂM TRA ĐOÀN", "THANH NIÊN BỘ TƯ PHÁP"], [BODY], "01-BC/ĐTN-UBKT",
        ["Kết thúc hồ sơ kiểm tra công tác Đoàn năm 2019", "và giám sát thực hiện Chỉ thị số 42-CT/TW", f"tại {UNIT}"],
        ["Như trên", f"{UBKT} (để theo dõi)", "Lưu hồ sơ"], ["TM. ỦY BAN KIỂM TRA", "CHỦ NHIỆM", "Trần Minh Quân"],
    )  # fmt: skip
    assert said(record) == [
        f"{BODY} đã ban hành {TOLD} sau kiểm tra và giám sát tại {UNIT}. {UBKT} báo cáo việc theo dõi, kiểm tra kiến "
        "nghị và kết thúc hồ sơ như sau:",
        "I. KẾT QUẢ THỰC HIỆN KIẾN NGHỊ",
        "Đến ngày 03/02/2020, 1/3 kiến nghị đã được kiểm tra, xác nhận hoàn thành; 02 kiến nghị đã rút (Bảng 1).",
        "Bảng 1. Kết quả thực hiện kiến nghị",
        "II. VĂN BẢN TRONG HỒ SƠ",
        "Bảng 2. Văn bản đã ban hành",
        "III. ĐÁNH GIÁ",
        DOTTED,
        f"{UBKT} kết thúc hồ sơ và đưa vào lưu trữ.",
    ]
    ends, issued = tables(record)
    assert [row[2:] for row in ends] == [
        ["15/01/2020", "-", "Đã kiểm tra, đạt", "20/01/2020"],
        ["30/06/2020", "-", "Rút kiến nghị: Đã sáp nhập", "02/02/2020"],
        ["Không đặt hạn", "-", "Rút kiến nghị: Đã sáp nhập", "02/02/2020"],
    ]
    assert issued == [["1", "11-TB/ĐTN-UBKT", "05/12/2019", "Thông báo kết luận kiểm tra, giám sát"]]
