"""Names of persons, and rows that only look like one: sums, signatures, repeated titles."""

import re
from functools import lru_cache

from branches.vietnamese import plain

from .header_words import WORDS
from .problems import Problem, fault, remark

_FAMILIES = (
    "nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ hồ ngô dương lý đoàn mai cao tạ trịnh đinh lâm trương "
    "phùng hà vương đào lưu tô chu châu thái quách tăng kiều lương la từ hứa tống triệu vi nông hoa bạch lò sầm "
    "giàng thạch danh kim quàng cầm lường mã thân nghiêm khổng ninh doãn mạc văn tôn đàm lại thi chử phó quan ma "
    "giang tiêu âu diệp đồng đới cù khúc trà viên lục bế hầu vàng sùng thào cứ mùa hạng lầu và cháng "
)
FAMILY_NAMES = frozenset(_FAMILIES.split())
COMRADE = re.compile(r"^(?:đ/c|đc|đ\.c|d/c|đồng chí|dong chi)\s*[.:]?\s+|^(?:đ/c|d/c)[.:]?", re.IGNORECASE)
TITLE = re.compile(
    r"^(?:ông|bà|anh|chị|cô|chú|thầy|em|bạn|ths|ts|bs|ks|cn|sv|mr|ms|mrs)[.:]?\s+(?=\S+\s)", re.IGNORECASE
)
NUMBER = re.compile(r"^\d{1,4}\s*[.)\-:]\s*")
MARKS = re.compile(r"\s*(?:\(([^)]*)\)?|\[([^\]]*)\]?|([*+†✓]+|\s[-–—]\s.*|,.*|\s/.*))\s*$")
BAD = re.compile(r"[\d@#$%^&=<>|{}\\_~;!?:]")
LETTER = re.compile(r"[^\W\d_]")
ROMAN = re.compile(r"^(?:[IVX]{1,5}|[A-H])\s*[.)\-:]\s*\S")

TOTAL = re.compile(
    r"(?:tong\s+(?:cong|so)\b|cong\s*:|trong đó|"
    r"danh sách (?:này )?(?:có|gồm)|ấn định danh sách|(?:nam|nữ)\s*:?\s*\d|(?:nam|nữ)\s*:|số lượng\s*:|sum\b|total\b)",
    re.IGNORECASE,
)
# "Tổng", "Tổng số", "Cộng nam", "CỘNG:", "Tổng 12": but Tổng Thị Hoa and Cộng Văn Bình are persons.
SUM = re.compile(
    r"(?:tổng|cộng)(?:$|\s*[^\w\s]|\s*\d|\s+(?:cộng|số|hợp|kết|chung|toàn|các|cả|nam|nữ|đoàn|đảng|chi|lượt|người|"
    r"danh|thể|dồn|gộp|lại|hòa|hoà|dân|trên|dưới|là|có|tiền|sl|đv)\b)",
    re.IGNORECASE,
)
NOTE = re.compile(
    r"(?:t\s*[./]?\s*m\s*[./]|tm\s|k\.?t\.|t\.?l\.|thay mặt|người lập|người ghi|lập (?:biểu|bảng)|ban chấp hành|"
    r"ban thường vụ|bch\b|btv\b|xác nhận|"
    r"ghi chú|lưu ý|chú thích|chú ý|nơi nhận|thủ trưởng|ký tên|ký,|\(?\s*ký|đã ký|duyệt|\*|-\s|\(|"
    r"(?:phó )?bí thư\b|ủy viên|chủ tịch|giám đốc|hiệu trưởng|thư ký\b|đảng ủy|chi bộ|đoàn (?:tncs|thanh niên|cơ sở|xã|"
    r"phường|trường|viên|thị trấn|tn\b)|chi đoàn|liên chi|bí thư chi đoàn|khối\b|phòng\b|tổ\s+\d|thôn\b|lớp\b|"
    r"danh sách|.*ngày\s*[\d.… ]+\s*tháng|.*ngày\s+\d{1,2}\s*/|hết\b|trang\s+\d|page\b|sheet\b|---)",
    re.IGNORECASE,
)
NAME_TITLES = frozenset(key for key, field in WORDS.items() if field in ("full_name", "family_names", "given_name"))
MOST = 120


def _capital(word: str) -> str:
    """Nguyễn, H'Mai, K'Brêu, Jean-Pierre."""
    if word.islower() or (word.isupper() and len(word) > 1):
        word = word.lower()
        parts = re.split(r"(['’‘`\-])", word)
        return "".join(part[:1].upper() + part[1:] for part in parts)
    return word[:1].upper() + word[1:]


@lru_cache(maxsize=32768)
def read_name(text: str) -> tuple[str, tuple[Problem, ...]]:
    """The name as it is written in the register, and what there is to say about it."""
    name, said = text, []
    if not name.replace(" ", "").isalpha():
        name = COMRADE.sub("", NUMBER.sub("", name), count=1)
        while found := MARKS.search(name):
            mark = next((group for group in found.groups() if group), "").strip(" ()[]-–—,/")
            name = name[: found.start()].rstrip()
            if not mark:
                mark = found.group().strip()
            said.append(remark("full_name", "mark_in_name", f"Bỏ “{mark}” ghi sau họ tên “{name}”."))
            if len(said) > 3:
                break
        name = name.strip(' .-–—,:;"“”`')
    else:
        name = COMRADE.sub("", name, count=1)
    if (titled := TITLE.match(name)) and _may_drop(name[titled.end() :], titled.group()):
        name = name[titled.end() :]
    if not LETTER.search(name):
        return "", (fault("full_name", "no_name", f"“{text}” không phải họ tên. Hãy ghi họ và tên."),)
    if BAD.search(name):
        return "", (fault("full_name", "bad_name", f"Họ tên “{text}” có chữ số hoặc ký hiệu lạ. Hãy sửa lại họ tên."),)
    if len(name) > MOST:
        return "", (fault("full_name", "too_long", f"Họ tên dài quá {MOST} chữ: “{text[:40]}…”. Hãy sửa lại."),)
    name = " ".join(_capital(word) for word in name.split())
    if " " not in name:
        said.append(remark("full_name", "one_word_name", f"Họ tên chỉ có một chữ “{name}”. Hãy xem lại."))
    return name, tuple(said)


def _may_drop(rest: str, title: str) -> bool:
    """ "Anh Nguyễn Văn Lộc" has a title; in "Ông Ích Khiêm" and "Cô Thị Lan" it is the family name."""
    first = rest.split(maxsplit=1)[0].lower()
    return first in FAMILY_NAMES or title.strip(" .:").lower() in ("ths", "ts", "bs", "ks", "sv", "mr", "ms", "mrs")


@lru_cache(maxsize=32768)
def kind_of_name(text: str) -> str:
    """ "person", or "total", "note", "header" for what stands in the name column without being a name."""
    if text.replace(" ", "").isalpha() and text.split(maxsplit=1)[0].lower() in FAMILY_NAMES:
        first = text.lower()
        if not first.startswith(
            ("đoàn thanh niên", "đoàn cơ sở", "đoàn viên", "đoàn xã", "đoàn phường", "đoàn trường")
        ):
            return "person"
    if TOTAL.match(text) or SUM.match(text):
        return "total"
    if NOTE.match(text) or ROMAN.match(text):
        return "note"
    said = " ".join(re.sub(r"[^a-z0-9]+", " ", plain(text)).split())
    if said in NAME_TITLES and said != "ho":
        return "header"
    return "person"
