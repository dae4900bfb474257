"""The chapters of a report in their fixed order, and how each of them comes into being.

Source: domain.md 7.1 (yearly) and 7.2 (term). The chapter of the plan-versus-result table has no
sentences of its own and is therefore not in this list.
"""

from dataclasses import dataclass

from branches.models import Period, WorkArea

# The roman number under which the numbered chapters of a part stand.
PARTS = {"results": "II", "assessment": "III", "direction": "IV"}


@dataclass(frozen=True, slots=True)
class Chapter:
    """One chapter. `is_typed` chapters are written by people alone and stay dotted until they are.

    `number` and `heading` are printed; `under` is the key of the chapter whose heading stands above it;
    `hint` tells the writer what belongs here.
    """

    key: str
    number: str
    heading: str
    is_typed: bool = False
    under: str = ""
    is_optional: bool = False
    is_list: bool = False
    hint: str = ""

    @property
    def title(self) -> str:
        return f"{self.number}. {self.heading}" if self.number else self.heading

    @property
    def place(self) -> str:
        """Number and heading as a list of all chapters needs them: "III.2 Hạn chế"."""
        return f"{PARTS[self.under]}.{self.number} {self.heading}" if self.under in PARTS else self.title


def chapters_of(period: Period) -> list[Chapter]:
    """Every chapter of the report of this period. One query (the work areas)."""
    term = period.kind == Period.Kind.TERM
    span = "nhiệm kỳ" if term else "năm"
    following = "nhiệm kỳ tới" if term else f"năm {period.year_number + 1}"
    areas = list(WorkArea.objects.order_by("position", "pk"))
    return [
        Chapter("opening", "", "Mở đầu"),
        Chapter("situation", "I", "Đặc điểm tình hình"),
        Chapter("advantages", "", "Thuận lợi", is_typed=True, under="situation",
                hint=f"Điều kiện giúp chi đoàn hoàn thành nhiệm vụ trong {span}."),
        Chapter("difficulties", "", "Khó khăn", is_typed=True, under="situation",
                hint=f"Điều làm chậm hoặc cản trở công việc trong {span}."),
        Chapter("results", "II", "Kết quả thực hiện"),
        *(
            Chapter(area_key(area), str(place), area.name, under="results")
            for place, area in enumerate(areas, start=1)
        ),
        Chapter("merits", "1", "Ưu điểm", is_typed=True, under="assessment",
                hint="Việc làm tốt, nêu kèm con số ở mục II."),
        Chapter("shortcomings", "2", "Hạn chế", is_typed=True, under="assessment", is_list=True,
                hint="Mỗi hạn chế một câu; chỉ tiêu chưa đạt nên có ở đây."),
        Chapter("causes", "3", "Nguyên nhân", is_typed=True, under="assessment",
                hint="Vì sao có các hạn chế trên."),
        Chapter("lessons", "4", "Bài học kinh nghiệm", is_typed=True, under="assessment",
                hint="Điều cần giữ hoặc cần đổi cách làm."),
        Chapter("next-targets", "1", "Chỉ tiêu", under="direction", is_list=True,
                hint=f"Lấy từ kế hoạch {following}."),
        Chapter("solutions", "2", "Giải pháp", is_typed=True, under="direction",
                hint=f"Cách làm để đạt các chỉ tiêu {following}."),
        Chapter("proposals", "V", "Kiến nghị", is_typed=True, is_optional=True, is_list=True,
                hint="Điều đề nghị cấp ủy, Đoàn cấp trên. Không có thì để trống, mục này sẽ không in."),
    ]  # fmt: skip


def area_key(area: WorkArea) -> str:
    return f"area-{area.code}"[:40]
