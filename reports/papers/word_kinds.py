"""The papers whose Word file an administrator may replace: what each offers to be filled in, and its first file.

A field is what the printed paper shows at a mark of its page (`data-field`, `data-list` in templates/papers), so the
PDF and a replaced Word file say the same. The first file of each is templates/papers/word/<key>.html.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WordField:
    """A place to fill: `sample` is what the preview shows there."""

    key: str
    label: str
    sample: str


@dataclass(frozen=True, slots=True)
class WordList:
    """A list that a line or a row of a table repeats; lines of text when it has no columns."""

    key: str
    label: str
    columns: tuple[WordField, ...] = ()
    samples: tuple[str, ...] = ()

    @property
    def rows(self) -> list:
        """Two rows for the preview, or the sample lines."""
        return [{one.key: one.sample for one in self.columns}] * 2 if self.columns else list(self.samples)


@dataclass(frozen=True, slots=True)
class WordKind:
    key: str
    label: str
    fields: tuple[WordField, ...]
    lists: tuple[WordList, ...]
    signs: str = "one"  # "one" who signs with recipients, "two" beside each other

    @property
    def all_fields(self) -> tuple[WordField, ...]:
        return (*HEAD, *self.fields, *(END if self.signs == "one" else ()))

    @property
    def all_lists(self) -> tuple[WordList, ...]:
        return (*self.lists, *((RECIPIENTS,) if self.signs == "one" else ()))

    @property
    def offered(self) -> dict[str, str]:
        """Key → label of everything a file may name; a column is "list.column"."""
        found = {one.key: one.label for one in (*self.all_fields, *self.all_lists)}
        return found | {
            f"{one.key}.{column.key}": f"{one.label}: {column.label}"
            for one in self.all_lists
            for column in one.columns
        }

    def samples(self) -> tuple[dict[str, str], dict[str, list]]:
        """Invented values of every field and list, for the preview."""
        return {one.key: one.sample for one in self.all_fields}, {one.key: one.rows for one in self.all_lists}


HEAD = (
    WordField("cap_tren", "Đoàn cấp trên, ở đầu trang", "ĐOÀN KHỐI CÁC CƠ QUAN TỈNH"),
    WordField("don_vi", "Đơn vị ban hành, ở đầu trang", "CHI ĐOÀN SỞ TƯ PHÁP"),
    WordField("so", "Số, ký hiệu", "Số: 05-QĐ/ĐTN"),
    WordField("ngay", "Nơi và ngày ban hành", "An Hòa, ngày 22 tháng 11 năm 2026"),
    WordField("loai", "Tên loại văn bản", "QUYẾT ĐỊNH"),
    WordField("trich_yeu", "Trích yếu", "Về việc thử mẫu Word"),
    WordField("kinh_gui", "Nơi kính gửi", "Ban Chấp hành Đoàn cấp trên"),
)
END = (
    WordField("thay_mat", "Thay mặt ai ký", "TM. BAN CHẤP HÀNH"),
    WordField("chuc_vu", "Chức vụ người ký", "BÍ THƯ"),
    WordField("cach_ky", "Cách ký, khi chưa có tên", "(Ký, ghi rõ họ tên)"),
    WordField("nguoi_ky", "Tên người ký, hoặc dòng chấm", "Nguyễn Văn Mẫu"),
)
RECIPIENTS = WordList("noi_nhan", "Nơi nhận, mỗi dòng một nơi", samples=("- Như trên;", "- Lưu Chi đoàn."))
NAME = WordField("ho_ten", "Họ và tên", "Trần Thị Mẫu")
BORN = WordField("ngay_sinh", "Ngày sinh", "15/03/2001")
BRANCH = WordField("chi_doan", "Chi đoàn", "Chi đoàn Sở Tư pháp")
SEX = WordField("gioi_tinh", "Giới tính", "Nữ")
HOME = WordField("que_quan", "Quê quán", "xã Hòa Bình, tỉnh An Hòa")
JOB = WordField("cong_viec", "Công việc, chức vụ", "Chuyên viên")
SCHOOL = WordField("trinh_do", "Trình độ", "Cử nhân Luật")
JOINED = WordField("ngay_vao_doan", "Ngày vào Đoàn", "26/03/2016")
MET = WordField("ngay_hop", "Ngày họp", "20/10/2026")
FOR = WordField("tan_thanh", "Số tán thành", "12")
PRESENT = WordField("co_mat", "Số có mặt", "13")
COMMITTEE = WordField(
    "ban_chap_hanh", "Ban Chấp hành ra quyết định, chữ in", "BAN CHẤP HÀNH ĐOÀN KHỐI CÁC CƠ QUAN TỈNH"
)
DRAFT = WordField("du_thao", "Dòng dự thảo, trống khi đã quyết định", "(DỰ THẢO, CHƯA QUYẾT ĐỊNH)")
COUNT = WordField("stt", "Số thứ tự", "1")
MERITS = WordList("uu_diem", "Ưu điểm, mỗi đoạn một dòng", samples=("Tích cực trong công việc của chi đoàn.",))
FAULTS = WordList("han_che", "Hạn chế, mỗi đoạn một dòng", samples=("Cần mạnh dạn hơn khi phát biểu.",))
TRANSFER = WordKind(
    "transfer_letter",
    "Giấy giới thiệu chuyển sinh hoạt",
    fields=(
        BRANCH,
        NAME,
        BORN,
        WordField("ma_doan_vien", "Mã đoàn viên", "AH0012"),
        WordField("so_the", "Số thẻ đoàn viên", "123456"),
        JOINED,
        WordField("noi_den", "Nơi đến", "Đoàn phường Tân Lập"),
        WordField("ly_do", "Lý do", "chuyển công tác"),
        WordField("dong_phi_den", "Đóng đoàn phí đến hết tháng", "10/2026"),
        WordField("nhan_xet", "Nhận xét của chi đoàn", "Gương mẫu, nhiệt tình."),
        WordField("sinh_hoat_tu", "Sinh hoạt ở nơi mới từ ngày", "01/11/2026"),
        WordField("so_giay", "Số của giấy", "07"),
        WordField("ngay_giay", "Ngày của giấy", "22/10/2026"),
    ),
    lists=(),
)
REQUEST = WordKind(
    "admission_request",
    "Tờ trình kết nạp đoàn viên",
    fields=(
        BRANCH,
        NAME,
        SEX,
        BORN,
        HOME,
        WordField("noi_o", "Nơi ở hiện nay", "phường Tân Lập"),
        JOB,
        SCHOOL,
        WordField("nguoi_gioi_thieu", "Người giới thiệu", "Lê Văn Mẫu"),
        WordField("ngay_don", "Ngày của đơn", "01/10/2026"),
        MET,
        FOR,
        PRESENT,
        WordField("cap_chuan_y", "Nơi chuẩn y", "Ban Chấp hành Đoàn cấp trên"),
    ),
    lists=(),
)
ADMISSION = WordKind(
    "admission_decision",
    "Quyết định chuẩn y kết nạp",
    fields=(
        COMMITTEE,
        BRANCH,
        MET,
        FOR,
        PRESENT,
        NAME,
        BORN,
        HOME,
        WordField("ngay_ket_nap", "Ngày lễ kết nạp", "01/11/2026"),
        DRAFT,
    ),
    lists=(),
)
LEAVERS = WordList("danh_sach", "Danh sách", columns=(COUNT, NAME, BORN, JOINED, BRANCH))
MATURITY = WordKind(
    "maturity_decision",
    "Quyết định công nhận trưởng thành đoàn",
    fields=(
        COMMITTEE,
        WordField("don_vi_de_nghi", "Đơn vị đề nghị", "Chi đoàn Sở Tư pháp"),
        WordField("so_luong", "Số đồng chí", "2"),
        WordField("tu_ngay", "Từ ngày", "26/03/2026"),
    ),
    lists=(LEAVERS,),
)
DISCIPLINE = WordKind(
    "discipline_decision",
    "Quyết định kỷ luật đoàn viên",
    fields=(
        COMMITTEE,
        MET,
        BRANCH,
        PRESENT,
        WordField("tong_so", "Tổng số được biểu quyết", "14"),
        FOR,
        WordField("hinh_thuc_de_nghi", "Hình thức đề nghị", "khiển trách"),
        NAME,
        BORN,
        WordField("hinh_thuc", "Hình thức kỷ luật", "khiển trách"),
        WordField("viec_theo_sau", "Việc theo sau, bắt đầu bằng dấu phẩy", ", theo dõi, giúp đỡ đồng chí sửa chữa"),
        DRAFT,
    ),
    lists=(WordList("noi_dung", "Nội dung vi phạm, mỗi đoạn một dòng", samples=("Nghỉ sinh hoạt ba kỳ liên tiếp.",)),),
)
INTRODUCTION = WordKind(
    "party_introduction",
    "Nghị quyết giới thiệu cho Đảng",
    fields=(
        MET,
        BRANCH,
        WordField("cap_uy", "Cấp ủy", "Chi bộ Sở Tư pháp"),
        NAME,
        SEX,
        BORN,
        HOME,
        JOB,
        SCHOOL,
        JOINED,
        WordField(
            "bieu_quyet", "Kết quả biểu quyết", "tổng số 14 đoàn viên, có mặt 13; tán thành 12, không tán thành 1."
        ),
        WordField("doan_cap_tren", "Đoàn cấp trên nhận nghị quyết", "Đoàn Khối các cơ quan tỉnh"),
    ),
    lists=(MERITS, FAULTS),
)
REMARK = WordKind(
    "party_remark",
    "Bản nhận xét đoàn viên ưu tú",
    fields=(NAME, BORN, JOB, BRANCH, WordField("qua_trinh", "Quá trình phấn đấu", "cảm tình Đảng (01/02/2026)")),
    lists=(MERITS, FAULTS),
)
PAYERS = WordList(
    "danh_sach",
    "Từng người",
    columns=(
        COUNT,
        NAME,
        WordField("cac_thang", "Các tháng", "tháng 9, 10/2026"),
        WordField("so_thang", "Số tháng", "2"),
        WordField("thanh_tien", "Số tiền (đồng)", "4.000"),
    ),
)
RECEIPT = WordKind(
    "dues_receipt",
    "Phiếu thu đoàn phí",
    fields=(
        WordField("nguoi_nop", "Người nộp", "Trần Thị Mẫu"),
        WordField("so_tien", "Số tiền", "8.000 đồng"),
        WordField("bang_chu", "Số tiền bằng chữ", "Tám nghìn đồng"),
        WordField("ghi_chu", "Ghi chú", "thu tại cuộc họp"),
        WordField("cong", "Cộng", "8.000"),
        WordField("nguoi_thu", "Người thu", "Nguyễn Văn Mẫu"),
    ),
    lists=(PAYERS,),
    signs="two",
)
KINDS = {one.key: one for one in (TRANSFER, REQUEST, ADMISSION, MATURITY, DISCIPLINE, INTRODUCTION, REMARK, RECEIPT)}
