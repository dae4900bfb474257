"""The frame around every page: who is here, in which post, and where they can go.

Reads `posts_today` (one query, shared with the permission rule) and the session; asks nothing else.
"""

from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils import timezone

from branches.models.post import PostType
from branches.scoping import rights_at

SESSION_KEY = "post"
Body = PostType.Body


@dataclass(frozen=True)
class Place:
    """A destination before it has an address. `short` is the word under the sign on a phone.

    `args` says what the address needs: nothing, the unit, or the unit and the running year.
    `families` are beginnings of view names that belong to it, so that it stays lit on its inner pages.
    """

    label: str
    short: str
    icon: str
    view: str
    args: str = ""
    families: tuple = ()


# Pages about people, so that "Đoàn viên" stays lit on them.
PEOPLE_WORK = ("member", "admission", "transfer", "stay", "maturity", "movement", "import", "duplicate")
PEOPLE = (*(f"branches:{name}" for name in PEOPLE_WORK), "reports:structure")
CASE_PAGES = tuple(
    f"inspections:{name}"
    for name in [
        "inspection",
        "finding",
        "new",
        "edit",
        "team",
        "seat",
        "visit",
        "conclude",
        "close",
        "number",
        "complaint",
        "template",
        "case_checklist",
        "self_check",
        "site",
        "send_plan",
        "self_report",
        "verify",
        "step_back",
        "reopen",
        "cancel",
        "escalate",
        "reinspect",
    ]
)
PLACES = {
    "home": Place("Việc của tôi", "Việc", "todo", "reports:home"),
    "plan": Place(
        "Kế hoạch, kết quả", "Kế hoạch", "plan", "reports:progress", "unit", ("reports:plan", "reports:target")
    ),
    "log": Place("Ghi hoạt động", "Ghi", "plus", "branches:activity_new", "unit"),
    "activities": Place(
        "Hoạt động",
        "Hoạt động",
        "act",
        "branches:activity_list",
        "unit",
        ("branches:activity", "branches:evidence", "branches:lock"),
    ),
    "meetings": Place(
        "Sinh hoạt, họp", "Sinh hoạt", "meet", "branches:meeting_list", "unit", ("branches:meeting", "branches:minutes")
    ),
    "members": Place("Đoàn viên", "Đoàn viên", "people", "branches:member_list", "unit", PEOPLE),
    "dues": Place(
        "Đoàn phí, sổ quỹ",
        "Đoàn phí",
        "money",
        "branches:dues",
        "unit",
        ("branches:dues", "branches:remittance", "branches:fund"),
    ),
    "party_way": Place("Phát triển Đảng", "Vào Đảng", "up", "branches:party_way", "unit", ("branches:party_",)),
    "awards": Place("Khen thưởng", "Khen thưởng", "check", "branches:award_list", "unit", ("branches:award_",)),
    "papers": Place(
        "Báo cáo",
        "Báo cáo",
        "report",
        "reports:report_list",
        "unit",
        (
            "reports:report",
            "reports:joint",
            "reports:round",
            "reports:submission",
            "reports:congress",
            "reports:print_job",
            "reports:emulation",
        ),
    ),
    "cases": Place("Kiểm tra, giám sát", "Kiểm tra", "inspect", "inspections:list", "", ("inspections:",)),
    "board": Place("Bảng đơn vị", "Bảng", "board", "reports:board", "unit"),
    "units": Place(
        "Đơn vị",
        "Đơn vị",
        "units",
        "branches:unit",
        "unit",
        ("branches:unit", "branches:post", "branches:term", "branches:handover", "reports:word_"),
    ),
    "programmes": Place(
        "Chương trình", "Chương trình", "calendar", "inspections:programme_list", "", ("inspections:programme",)
    ),
    "files": Place(
        "Hồ sơ",
        "Hồ sơ",
        "inspect",
        "inspections:list",
        "",
        (*CASE_PAGES, "reports:evidence_"),
    ),
    "recommendations": Place(
        "Kiến nghị",
        "Kiến nghị",
        "swap",
        "inspections:recommendation_list",
        "",
        ("inspections:recommendation", "inspections:answer", "inspections:check"),
    ),
    "inspecting": Place(
        "Tổng hợp kiểm tra", "Tổng hợp", "board", "reports:inspecting", "unit", ("reports:inspecting",)
    ),
    "summary": Place("Công tác Đoàn trong năm", "Tổng hợp", "report", "reports:party_summary", "unit"),
    "directions": Place(
        "Ý kiến chỉ đạo",
        "Chỉ đạo",
        "direction",
        "reports:direction_list",
        "unit",
        ("branches:direction", "reports:direction"),
    ),
    "assessing": Place(
        "Đánh giá, xếp loại", "Đánh giá", "check", "branches:assessment_list", "unit", ("branches:assessment",)
    ),
    "own_assessing": Place(
        "Đánh giá của tôi", "Đánh giá", "check", "branches:assessment_own", "", ("branches:assessment",)
    ),
    "own_tasks": Place("Việc giao cho tôi", "Việc giao", "check", "branches:task_own"),
    "tasks": Place("Việc được giao", "Việc giao", "todo", "branches:task_list", "unit", ("branches:task_",)),
    "tasks_below": Place("Việc của đơn vị trực thuộc", "Việc giao", "todo", "branches:task_below", "unit"),
    "proposals": Place("Đề xuất", "Đề xuất", "bulb", "branches:proposal_list", "unit", ("branches:proposal",)),
    "duties": Place("Việc định kỳ", "Định kỳ", "calendar", "reports:duty_calendar", "unit", ("reports:duty",)),
    "duty_board": Place("Bảng việc định kỳ", "Định kỳ", "calendar", "reports:duty_board", "unit", ("reports:duty",)),
    "emulation": Place("Thi đua", "Thi đua", "check", "reports:emulation", "unit", ("reports:emulation",)),
    "plan_edit": Place("Lập kế hoạch năm", "Lập kế hoạch", "edit", "reports:plan_edit", "unit year"),
    "access": Place("Ai xem được đơn vị này", "Ai xem được", "eye", "branches:unit_access", "unit"),
    "admin": Place("Trang quản trị", "Quản trị", "gear", "admin:index"),
    "more": Place("Thêm", "Thêm", "more", "branches:more"),
}
BRANCH, SUPERIOR, ADMINISTRATOR, NOBODY = "branch", "superior", "administrator", "nobody"
# By the body the post belongs to; a committee or office post splits by the kind of its unit.
NAV = {
    Body.INSPECTION: ("home", "programmes", "files", "recommendations"),
    Body.PARTY: ("home", "summary", "directions", "proposals"),
    Body.MEMBER: ("home", "own_tasks", "plan", "activities"),
    BRANCH: ("home", "plan", "activities", "meetings", "members", "papers", "cases"),
    SUPERIOR: ("home", "board", "plan", "activities", "papers", "units", "cases"),
    ADMINISTRATOR: ("home", "units", "board", "access"),
    NOBODY: ("home",),
}
BAR = {
    **{body: (*NAV[body], "more") for body in (Body.INSPECTION, Body.PARTY, Body.MEMBER, ADMINISTRATOR, NOBODY)},
    BRANCH: ("home", "plan", "log", "meetings", "more"),
    SUPERIOR: ("home", "board", "papers", "units", "more"),
}
# Needed once a month and not once a day: these stand only on the page "Thêm".
MORE = {
    Body.INSPECTION: ("inspecting", "duty_board", "dues",),
    Body.PARTY: ("emulation",),
    Body.MEMBER: ("duties", "own_assessing", "meetings",),
    BRANCH: (
        "duties", "dues", "assessing", "tasks", "directions", "proposals",
        "recommendations", "awards", "units", "access",
    ),
    SUPERIOR: (
        "duty_board", "dues", "assessing", "members", "meetings", "directions",
        "tasks_below", "proposals", "recommendations", "awards", "access",
    ),
    ADMINISTRATOR: (),
    NOBODY: (),
}  # fmt: skip


@dataclass(frozen=True)
class Destination:
    """A place with its address. `is_do` is the one filled sign of the bottom bar."""

    label: str
    short: str
    icon: str
    url: str
    is_current: bool
    is_do: bool


class Frame:
    """Worked out only as far as the page asks, so that an error page costs no query."""

    def __init__(self, request):
        self.request = request

    home_url = property(lambda self: reverse("reports:home"))
    more_url = property(lambda self: reverse("branches:more"))
    switch_url = property(lambda self: reverse("branches:post_switch"))

    @cached_property
    def posts(self) -> list:
        user = getattr(self.request, "user", None)
        return user.posts_today if user is not None and user.is_authenticated else []

    @cached_property
    def post(self):
        """The post the person speaks from now: the one chosen in this session, else the first."""
        chosen = self.request.session.get(SESSION_KEY) if self.posts else None
        return next((post for post in self.posts if post.pk == chosen), self.posts[0] if self.posts else None)

    @property
    def unit(self):
        return self.post.unit if self.post else None

    @cached_property
    def side(self) -> str:
        """Which of the menus above is this person's."""
        if self.post is None:
            return NOBODY
        body, verbs = self.post.type.body, self.post.type.verbs_here
        if "administer" in verbs and "record" not in verbs:
            return ADMINISTRATOR
        if body in (Body.COMMITTEE, Body.OFFICE):
            return BRANCH if self.unit.is_branch else SUPERIOR
        return body

    @property
    def is_party(self) -> bool:
        return self.side == Body.PARTY

    @property
    def base(self) -> str:
        """The template a page extends: the Party committee reads in a calmer frame."""
        return "base_calm.html" if self.is_party else "base.html"

    @cached_property
    def nav(self) -> list[Destination]:
        """Three to seven destinations."""
        return self._destinations(NAV[self.side])

    @cached_property
    def bar(self) -> list[Destination]:
        """The bottom bar of a phone."""
        names = BAR[self.side]
        if "log" in names and "record" not in self._rights:
            names = tuple("activities" if name == "log" else name for name in names)
        return self._destinations(names)

    @cached_property
    def more(self) -> list[Destination]:
        """What stands on the page "Thêm" beside the menu."""
        names = MORE[self.side]
        if "record" in self._rights:
            names = ("plan_edit", *names)
        if "manage" in self._rights:
            names = (*names, "party_way")
        if getattr(self.request.user, "is_staff", False):
            names = (*names, "admin")
        return self._destinations(names)

    @cached_property
    def _rights(self) -> set[str]:
        return rights_at(self.request.user, self.unit) if self.post else set()

    def _destinations(self, names) -> list[Destination]:
        match = self.request.resolver_match
        here = match.view_name if match else ""
        values = {"unit": self.unit.pk, "year": timezone.localdate().year} if self.post else {}
        found = []
        for place in map(PLACES.__getitem__, names):
            url = reverse(place.view, args=[values[word] for word in place.args.split()])
            is_current = here == place.view or here.startswith(place.families)
            found.append(Destination(place.label, place.short, place.icon, url, is_current, place.icon == "plus"))
        return found


def frame(request):
    return {"frame": Frame(request)}
