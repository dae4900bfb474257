"""Checklists that come with the software. A unit that wants them otherwise copies one and changes its copy."""

from django.db import migrations

SCORED, PLAIN = "weighted", "none"
CHARTER = "Điều lệ Đoàn và hướng dẫn thực hiện Điều lệ; hướng dẫn công tác kiểm tra, giám sát của Đoàn cấp trên"
CRITICAL, OPTIONAL = {"is_critical": True}, {"na_allowed": True}


def item(topic, text, guidance="", where="", points=0, weight=1, fact="", **more):
    return {
        "topic": topic, "text": text, "guidance": guidance, "evidence_where": where, "max_points": points,
        "weight": weight, "fact": fact, **more,
    }  # fmt: skip


# fmt: off
PLAN, WORK, KEEP = "Kế hoạch và chỉ đạo", "Kết quả công tác", "Nền nếp, sổ sách"
YEARLY = [
    item(PLAN, "Có kế hoạch công tác năm, bám chương trình của Đoàn cấp trên và chỉ đạo của cấp ủy",
         "Xem ngày ban hành (đầu năm), chỉ tiêu có con số, người phụ trách và thời hạn.",
         "Kế hoạch năm, nghị quyết chi bộ, chương trình của Đoàn cấp trên", 10, 2, **CRITICAL),
    item(PLAN, "Chỉ tiêu năm được đăng ký và theo dõi thường xuyên",
         "Đối chiếu số đăng ký với số được giao; chỉ tiêu chậm đã có cách làm bù chưa.",
         "Bảng kế hoạch, kết quả của đơn vị", 10, 2, "targets_behind"),
    item(PLAN, "Thực hiện và trả lời các chỉ đạo của cấp ủy, Đoàn cấp trên",
         "Mỗi chỉ đạo phải có chỉ tiêu, phần việc hoặc câu trả lời.", "Danh sách chỉ đạo, biên bản họp Ban Chấp hành",
         10, 1, "directions"),
    item(WORK,
         "Tuyên truyền, giáo dục: học tập nghị quyết; học tập và làm theo tư tưởng, đạo đức, phong cách Hồ Chí Minh",
         "Có chuyên đề năm, có số đoàn viên tham gia; có buổi do chi đoàn tự tổ chức.",
         "Biên bản sinh hoạt chuyên đề, danh sách học tập", 10),
    item(WORK, "Công trình, phần việc thanh niên gắn với nhiệm vụ chuyên môn",
         "Ít nhất một phần việc do chi đoàn tự đề xuất; xem kết quả cụ thể, không tính việc mới dự kiến.",
         "Quyết định giao việc, hình ảnh, xác nhận của đơn vị chuyên môn", 10, 2),
    item(WORK, "Hoạt động tình nguyện, an sinh xã hội", "Ghi đúng đơn vị tính: lượt người, suất, đồng.",
         "Danh sách tham gia, biên nhận, hình ảnh", 10, **OPTIONAL),
    item(WORK, "Mỗi hoạt động đã ghi có minh chứng", "Chọn ba hoạt động bất kỳ để xem ảnh, danh sách, văn bản.",
         "Sổ hoạt động", 10, 1, "activities_evidence"),
    item(KEEP, "Sinh hoạt chi đoàn đều hằng tháng",
         "Tháng không họp phải có lý do; họp khi cấp trên giao việc không thay cho sinh hoạt định kỳ.",
         "Lịch sinh hoạt, sổ biên bản", 10, 2, "meetings_held"),
    item(KEEP, "Biên bản ghi đủ và có đủ chữ ký", "Xem phần việc giao, người làm, thời hạn và việc kỳ trước đã làm.",
         "Sổ biên bản", 10, 1, "minutes_signed"),
    item(KEEP, "Báo cáo gửi Đoàn cấp trên, cấp ủy đủ và đúng hạn",
         "Báo cáo cấp ủy là văn bản riêng, nêu kết quả bằng số, tự đánh giá và hạn chế.",
         "Báo cáo đã gửi, lịch nhiệm vụ", 10, 1, "reports_in_time"),
    item(KEEP, "Đánh giá, xếp loại đoàn viên đúng quy trình",
         "Có bản tự đánh giá, có biểu quyết, có kết quả cấp trên công nhận.", "Hồ sơ đánh giá năm", 10, 1,
         "members_rated", **OPTIONAL),
    item(KEEP, "Đã thực hiện kiến nghị của lần kiểm tra trước", "Đơn vị báo đã làm chưa phải là đã kiểm tra.",
         "Thông báo kết luận lần trước, báo cáo khắc phục", 10, 2, "recommendations", **OPTIONAL),
]
CALL, COURSE, AFTER = "Chuẩn bị", "Nội dung buổi sinh hoạt", "Sau buổi sinh hoạt"
MEETINGS = [
    item(CALL, "Mỗi tháng họp ít nhất một buổi theo lịch",
         "Đơn vị đặc thù được họp theo quý thì phải có văn bản đồng ý.", "Lịch sinh hoạt, sổ biên bản", 10, 3,
         "meetings_held", **CRITICAL),
    item(CALL, "Báo lịch, nội dung trước cho đoàn viên",
         "Đủ sớm để đoàn viên sắp xếp việc, qua kênh mà ai cũng nhận được.", "Giấy mời, tin báo họp", 10),
    item(CALL, "Ban Chấp hành họp thống nhất nội dung trước",
         "Chi đoàn ít người thì Bí thư, Phó Bí thư trao đổi trước và ghi lại.", "Biên bản họp Ban Chấp hành", 10,
         **OPTIONAL),
    item(COURSE, "Đoàn viên dự đông, vắng có lý do", "Chưa điểm danh không tính là vắng.", "Bảng điểm danh", 10, 2,
         "attendance"),
    item(COURSE, "Kiểm điểm việc giao từ kỳ trước", "Việc nào xong, việc nào chưa, vì sao.", "Biên bản", 10, 2),
    item(COURSE, "Có chủ điểm hoặc chuyên đề, không chỉ phổ biến công việc",
         "So với kế hoạch sinh hoạt năm: buổi nào có chủ điểm, buổi nào chỉ phổ biến công việc.",
         "Chương trình họp, tài liệu chuyên đề", 10),
    item(COURSE, "Đoàn viên được thảo luận và biểu quyết", "Xem số người phát biểu, số phiếu từng việc.",
         "Phần thảo luận, biểu quyết trong biên bản", 10),
    item(COURSE, "Hình thức sinh hoạt được đổi mới", "Kết hợp thực tế, trực tuyến cho người ở xa.",
         "Kế hoạch sinh hoạt, hình ảnh", 10, **OPTIONAL),
    item(AFTER, "Biên bản lập ngay và có đủ chữ ký chủ trì, thư ký",
         "Ghi số có mặt trên tổng số, vắng có lý do, kết luận, người được giao.", "Sổ biên bản", 10, 2,
         "minutes_signed", **CRITICAL),
    item(AFTER, "Việc giao tại buổi họp có người làm, có hạn và được theo dõi",
         "Chọn ba việc bất kỳ: ai làm, hạn nào, nay đến đâu.", "Danh sách việc đã giao", 10, 2),
]
COLLECT, BOOKS = "Thu và trích nộp", "Sổ sách, sử dụng"
DUES = [
    item(COLLECT, "Thu đoàn phí đủ số đoàn viên, đủ tháng", "So số thu với số phải thu của các tháng đã qua.",
         "Bảng đoàn phí theo tháng", 10, 3, "dues", **CRITICAL),
    item(COLLECT, "Mức thu đúng quy định cho từng đối tượng", "Người hưởng lương, không hưởng lương, ở nước ngoài.",
         "Bảng mức đóng của từng đoàn viên", 10, 2),
    item(COLLECT, "Miễn đoàn phí đúng trường hợp, có quyết định",
         "Thời gian miễn trong mức quy định, được Ban Chấp hành Đoàn cơ sở đồng ý.", "Quyết định miễn", 10, **OPTIONAL),
    item(COLLECT, "Trích nộp lên cấp trên đủ tỷ lệ và đúng kỳ",
         "Đối chiếu phần giữ lại, phần nộp và kỳ nộp với quy định đang áp dụng.",
         "Giấy nộp đoàn phí, xác nhận của cấp trên", 10, 2, "dues_remitted"),
    item(COLLECT, "Người đóng có phiếu thu hoặc chữ ký xác nhận", "Chọn năm người bất kỳ để đối chiếu.",
         "Phiếu thu, sổ thu", 10, 2),
    item(COLLECT, "Đôn đốc người chậm đóng, xem xét người nợ kéo dài",
         "Có nhắc, có ghi lý do; trường hợp đến mức xóa tên theo Điều lệ đã được chi đoàn xem xét.",
         "Danh sách nợ đoàn phí", 10),
    item(BOOKS, "Sổ quỹ ghi đủ thu, chi, số dư khớp tiền thực có", "Đếm quỹ tại chỗ, đối chiếu số dư cùng ngày.",
         "Sổ quỹ, biên bản kiểm quỹ", 10, 3, **CRITICAL),
    item(BOOKS, "Các khoản chi có chủ trương và chứng từ", "Chọn ba khoản chi: ai duyệt, chi việc gì, chứng từ nào.",
         "Biên bản họp, hóa đơn, giấy biên nhận", 10, 2),
    item(BOOKS, "Công khai thu, chi với đoàn viên ít nhất mỗi năm một lần", "Ghi ngày công khai và số người dự.",
         "Biên bản sinh hoạt, bản công khai", 10),
    item(BOOKS, "Người giữ tiền và người giữ sổ khác nhau", "Chi đoàn quá ít người thì Bí thư soát sổ hằng quý.",
         "Phân công Ban Chấp hành", 10, **OPTIONAL),
]
ROLL, LIFE, MOVE = "Danh sách, hồ sơ", "Sinh hoạt và rèn luyện", "Kết nạp, chuyển, trưởng thành"
MEMBERS = [
    item(ROLL, "Danh sách đoàn viên đúng với thực tế",
         "Đối chiếu với danh sách cán bộ của đơn vị; người đã chuyển đi còn trong danh sách hay không.",
         "Danh sách đoàn viên", 10, 3, "members", **CRITICAL),
    item(ROLL, "Mỗi đoàn viên có hồ sơ: sổ đoàn viên, thẻ, ngày vào Đoàn", "Chọn năm hồ sơ bất kỳ.", "Hồ sơ đoàn viên",
         10, 2),
    item(ROLL, "Thông tin cá nhân được giữ kín, chỉ người phụ trách xem",
         "Danh sách có số điện thoại, giấy tờ không để trong nhóm chung.", "Cách lưu hồ sơ", 10),
    item(LIFE, "Đoàn viên đăng ký chương trình rèn luyện và được giao việc cụ thể",
         "Đăng ký từ đầu năm, cuối năm có nhận xét; mỗi người có ít nhất một việc.", "Bản đăng ký, danh sách việc", 10,
         2),
    item(LIFE, "Đoàn viên dự sinh hoạt đầy đủ", "Ai vắng nhiều buổi, vì sao; chưa điểm danh không tính là vắng.",
         "Bảng điểm danh", 10, 1, "attendance"),
    item(LIFE, "Đánh giá, xếp loại công khai, đúng bước", "Tự đánh giá, góp ý, biểu quyết, cấp trên công nhận.",
         "Hồ sơ đánh giá", 10, 2, "members_rated"),
    item(LIFE, "Nắm tình hình đoàn viên đi xa, nghỉ dài ngày, không dự sinh hoạt",
         "Trường hợp đến mức xóa tên theo Điều lệ đã được chi đoàn xem xét.", "Biên bản, danh sách theo dõi", 10),
    item(MOVE, "Kết nạp đoàn viên đúng quy trình", "Xét từng người, có người giới thiệu, có biểu quyết, có quyết định.",
         "Hồ sơ kết nạp", 10, 2, **OPTIONAL),
    item(MOVE, "Chuyển sinh hoạt đi, đến đúng hạn, có nhận xét và đã thanh toán đoàn phí",
         "Xem ngày giới thiệu đi và ngày nơi đến tiếp nhận; người chuyển đến đã có trong danh sách.",
         "Giấy giới thiệu chuyển sinh hoạt", 10, 1, **OPTIONAL),
    item(MOVE, "Làm lễ trưởng thành Đoàn cho người hết tuổi",
         "Cán bộ đoàn và người có nguyện vọng được ở lại có ý kiến của chi đoàn.", "Danh sách, quyết định", 10, 1,
         **OPTIONAL),
    item(MOVE, "Kỷ luật, khen thưởng ghi vào hồ sơ, có quyết định kèm theo",
         "Kỷ luật có biên bản họp xét, kết quả bỏ phiếu kín và quyết định của cấp có thẩm quyền.",
         "Hồ sơ khen thưởng, kỷ luật", 10, 1, **OPTIONAL),
]
LEAD, PICK, TRAIN = "Chỉ đạo", "Bình chọn, giới thiệu", "Theo dõi, giúp đỡ"
OUTSTANDING = [
    item(LEAD, "Quán triệt Chỉ thị 03-CT/TWĐTN-BTC ngày 21/7/2021 đến đoàn viên",
         "Hỏi hai đoàn viên bất kỳ về điều kiện được giới thiệu.", "Biên bản sinh hoạt có nội dung quán triệt"),
    item(LEAD, "Có chỉ tiêu giới thiệu đoàn viên ưu tú trong kế hoạch năm", "So với chỉ tiêu Đoàn cấp trên giao.",
         "Kế hoạch năm", fact="targets_behind"),
    item(LEAD, "Tham mưu chi bộ kế hoạch phát triển đảng viên hằng năm", "Có văn bản, có danh sách nguồn.",
         "Kế hoạch, tờ trình gửi chi bộ"),
    item(PICK, "Bình chọn đoàn viên ưu tú đúng bước, có biểu quyết", "Người được chọn năm trước xếp loại xuất sắc.",
         "Biên bản bình chọn, danh sách", fact="outstanding", **CRITICAL),
    item(PICK, "Cử đoàn viên ưu tú học lớp nhận thức về Đảng", "Xem giấy chứng nhận và thời hạn.",
         "Danh sách cử đi học, giấy chứng nhận", fact="party_class"),
    item(PICK, "Nghị quyết giới thiệu đoàn viên ưu tú cho Đảng xem xét kết nạp",
         "Đúng mẫu, có nhận xét ưu điểm, khuyết điểm, số phiếu.", "Nghị quyết chi đoàn, Đoàn cơ sở",
         fact="party_introduced"),
    item(PICK, "Kết quả kết nạp Đảng từ nguồn đoàn viên ưu tú", "Không cộng số giới thiệu với số kết nạp.",
         "Quyết định kết nạp", fact="party_admitted"),
    item(TRAIN, "Giao việc cụ thể cho từng đoàn viên ưu tú và phân công người giúp đỡ",
         "Mỗi người có việc để rèn luyện và có người theo dõi.", "Danh sách việc, phân công", **OPTIONAL),
    item(TRAIN, "Định kỳ báo cáo cấp ủy sự tiến bộ của từng đoàn viên ưu tú", "Theo kỳ chi bộ quy định.",
         "Bản nhận xét, báo cáo gửi cấp ủy"),
    item(TRAIN, "Với người chưa đủ điều kiện: nêu rõ lý do và cách giúp",
         "Ghi cụ thể còn thiếu gì, ai giúp, đến khi nào.", "Biên bản, bản nhận xét", **OPTIONAL),
]
ENTRY, USE, CARE = "Nhập dữ liệu", "Sử dụng", "Giữ gìn"
SOFTWARE = [
    item(ENTRY, "Mọi đoàn viên đã có tên và mã trên phần mềm của Trung ương Đoàn",
         "Mục tiêu là 100%. Hỏi rõ vì sao còn người chưa có.", "Danh sách đối chiếu với phần mềm", 10, 3,
         "members_software", **CRITICAL),
    item(ENTRY, "Thông tin trên phần mềm đúng với hồ sơ", "Chọn năm người: họ tên, ngày sinh, ngày vào Đoàn.",
         "Phần mềm, hồ sơ đoàn viên", 10, 2),
    item(ENTRY, "Danh sách hai nơi khớp nhau", "Số trên phần mềm so với số trong danh sách của chi đoàn cùng ngày.",
         "Danh sách đoàn viên", 10, 2, "members"),
    item(ENTRY, "Cán bộ đoàn được khai đúng chức vụ", "So tên, chức vụ, nhiệm kỳ với quyết định chuẩn y.",
         "Danh sách Ban Chấp hành trên phần mềm", 10),
    item(USE, "Chuyển sinh hoạt thực hiện trên phần mềm", "Không để hồ sơ chờ quá hạn.", "Danh sách chuyển sinh hoạt",
         10, 1, **OPTIONAL),
    item(USE, "Kết nạp, trưởng thành được cập nhật trên phần mềm", "So với quyết định trong năm.",
         "Danh sách kết nạp, trưởng thành", 10, 1, **OPTIONAL),
    item(USE, "Kết quả xếp loại năm được nhập lên phần mềm", "Nhập sau khi cấp trên công nhận, đủ số người.",
         "Kết quả xếp loại", 10, 2, "members_rated", **OPTIONAL),
    item(USE, "Đoàn viên biết và dùng được ứng dụng", "Nơi ít dùng điện thoại khi làm việc thì có cách khác.",
         "Hỏi trực tiếp hai đến ba đoàn viên", 10),
    item(CARE, "Có người phụ trách, tài khoản được bàn giao khi thay cán bộ", "Không dùng chung mật khẩu.",
         "Phân công, biên bản bàn giao", 10, 1, **CRITICAL),
]
SPREAD, DO, LOOK = "Quán triệt", "Tổ chức thực hiện", "Kiểm điểm, báo cáo"
DIRECTIVE = [
    item(SPREAD, "Văn bản được phổ biến đến đoàn viên sau khi nhận", "Ghi ngày nhận, ngày phổ biến, số người dự.",
         "Biên bản sinh hoạt"),
    item(SPREAD, "Ban Chấp hành bàn cách thực hiện và phân công", "Kết luận họp ghi rõ ai làm việc gì, đến bao giờ.",
         "Biên bản họp Ban Chấp hành"),
    item(SPREAD, "Có kế hoạch thực hiện riêng hoặc mục riêng trong kế hoạch năm", "Có việc, người làm, thời hạn.",
         "Kế hoạch", **CRITICAL),
    item(DO, "Nội dung của văn bản đã thành chỉ tiêu, phần việc", "Chỉ đạo nào chưa có việc tương ứng thì ghi rõ.",
         "Danh sách chỉ đạo", fact="directions"),
    item(DO, "Các phần việc được làm đúng tiến độ", "Việc chậm: vì sao, đã báo cấp trên chưa.",
         "Bảng kế hoạch, kết quả", fact="targets_behind"),
    item(DO, "Hoạt động thực hiện có minh chứng", "Chọn ba hoạt động bất kỳ.", "Sổ hoạt động",
         fact="activities_evidence"),
    item(DO, "Phối hợp với chi bộ, công đoàn và tổ chức khác trong đơn vị", "Việc nào làm chung, ai chủ trì.",
         "Kế hoạch phối hợp, văn bản chung", **OPTIONAL),
    item(LOOK, "Sơ kết, tổng kết và báo cáo kết quả đúng hạn", "Theo hạn ghi trong văn bản; có số liệu kèm theo.",
         "Báo cáo sơ kết, tổng kết", fact="reports_in_time"),
    item(LOOK, "Nêu được hạn chế, nguyên nhân và cách khắc phục", "Hạn chế phải cụ thể, không nêu chung chung.",
         "Báo cáo"),
    item(LOOK, "Có cách làm hay để nhân rộng", "Mô tả được cách làm, kết quả và nơi đã áp dụng.", "Báo cáo, hình ảnh",
         **OPTIONAL),
]
READY = [
    ("cong-tac-nam", "Công tác Đoàn và phong trào thanh niên năm của chi đoàn",
     "Kiểm tra một năm công tác của chi đoàn; đoàn phí, công tác đoàn viên có phiếu riêng để lấy kèm", SCORED, CHARTER,
     YEARLY),
    ("sinh-hoat", "Nền nếp sinh hoạt chi đoàn", "Kiểm tra hoặc giám sát việc sinh hoạt định kỳ và biên bản", SCORED,
     CHARTER, MEETINGS),
    ("doan-phi", "Thu, nộp và sử dụng đoàn phí", "Kiểm tra tài chính, đoàn phí của chi đoàn", SCORED,
     "Điều lệ Đoàn, quy định về đoàn phí và tài chính của Đoàn", DUES),
    ("doan-vien", "Công tác đoàn viên", "Kiểm tra danh sách, hồ sơ, đánh giá và phát triển đoàn viên", SCORED, CHARTER,
     MEMBERS),
    ("doan-vien-uu-tu", "Giới thiệu đoàn viên ưu tú cho Đảng xem xét kết nạp",
     "Giám sát việc thực hiện Chỉ thị 03-CT/TWĐTN-BTC", PLAIN, "Chỉ thị 03-CT/TWĐTN-BTC ngày 21/7/2021", OUTSTANDING),
    ("phan-mem", "Sử dụng phần mềm quản lý đoàn viên", "Giám sát việc nhập và dùng phần mềm của Trung ương Đoàn",
     SCORED, "Chỉ đạo của Trung ương Đoàn về quản lý đoàn viên bằng phần mềm", SOFTWARE),
    ("thuc-hien-chi-thi", "Thực hiện một chỉ thị, nghị quyết",
     "Giám sát chuyên đề việc thực hiện một văn bản của Đảng hoặc của Đoàn", PLAIN,
     "Văn bản được giám sát, ghi trong kế hoạch của cuộc kiểm tra", DIRECTIVE),
]
# fmt: on


def forward(apps, schema_editor):
    template, line = apps.get_model("inspections", "ChecklistTemplate"), apps.get_model("inspections", "TemplateItem")
    for code, name, about, scoring, source, items in READY:
        made = template.objects.create(
            code=code, name=name, about=about, scoring=scoring, source=source, state="in_use"
        )
        points = {} if scoring == SCORED else {"max_points": 0}
        line.objects.bulk_create(
            [line(template=made, position=place, **(one | points)) for place, one in enumerate(items, 1)]
        )


def backward(apps, schema_editor):
    """Those of the software alone, and only where no case holds a copy that names them."""
    template, line = apps.get_model("inspections", "ChecklistTemplate"), apps.get_model("inspections", "TemplateItem")
    ours = template.objects.filter(unit=None, code__in=[row[0] for row in READY], used_items=None)
    keys = list(ours.values_list("pk", flat=True))
    # Without collecting what hangs on them: the models of two states of the project do not know each other.
    line.objects.filter(template__in=keys)._raw_delete(schema_editor.connection.alias)
    template.objects.filter(pk__in=keys)._raw_delete(schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [("inspections", "0005_old_cases_and_rules")]

    operations = [migrations.RunPython(forward, backward)]
