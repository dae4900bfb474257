"""The frame around every page: who is here, in which post, and where they can go.

Reads `posts_today` (one query, shared with the permission rule) and the session; asks nothing else.
"""

from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from branches.models.post import PostType
from branches.scoping import rights_at

SESSION_KEY = "post"
Body = PostType.Body


@dataclass(frozen=True)
class Destination:
    """One place in the menu. `short` is the word under the sign on a phone; `is_do` is the filled one."""

    label: str
    short: str
    icon: str
    url: str
    is_current: bool = False
    is_do: bool = False


class Frame:
    """Worked out only as far as the page asks, so that an error page costs no query."""

    def __init__(self, request):
        self.request = request

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

    @property
    def is_party(self) -> bool:
        return self.post is not None and self.post.type.body == Body.PARTY

    @property
    def base(self) -> str:
        """The template a page extends: the Party committee reads in a calmer frame."""
        return "base_calm.html" if self.is_party else "base.html"

    @cached_property
    def nav(self) -> list[Destination]:
        """Five to seven destinations, by the body of the post."""
        return self._places(self._nav_entries())

    @cached_property
    def bar(self) -> list[Destination]:
        """The five of the bottom bar on a phone."""
        return self._places(self._bar_entries())

    @cached_property
    def more(self) -> list[Destination]:
        """What stands only on the page "Thêm": needed once a month, not once a day."""
        return self._places(self._more_entries())

    def _places(self, entries) -> list[Destination]:
        match = self.request.resolver_match
        here = match.view_name if match else ""
        places = []
        for label, short, icon, name, args, families in entries:
            try:
                url = reverse(name, args=args)
            except NoReverseMatch:
                if not settings.DEBUG:
                    raise
                continue
            is_current = here == name or any(here.startswith(family) for family in families)
            places.append(Destination(label, short, icon, url, is_current, is_do=icon == "plus"))
        return places

    def _nav_entries(self):
        home = ("Việc của tôi", "Việc", "todo", "reports:home", [], ())
        if self.post is None:
            return [home]
        at = [self.unit.pk]
        body, is_branch = self.post.type.body, self.unit.is_branch
        plan = ("Kế hoạch, kết quả", "Kế hoạch", "plan", "reports:progress", at,
                ("branches:plan", "branches:target", "reports:progress"))
        activities = ("Hoạt động", "Hoạt động", "act", "branches:activity_list", at, ("branches:activity",))
        members = ("Đoàn viên", "Đoàn viên", "people", "branches:member_list", at, ("branches:member",))
        papers = ("Báo cáo", "Báo cáo", "report", "reports:report_list", at, ("reports:report",))
        cases = ("Kiểm tra, giám sát", "Kiểm tra", "inspect", "inspections:list", [], ("inspections:",))
        if body == Body.INSPECTION:
            return [
                home,
                ("Chương trình", "Chương trình", "calendar", "inspections:programme_list", [],
                 ("inspections:programme",)),
                ("Hồ sơ", "Hồ sơ", "inspect", "inspections:list", [],
                 ("inspections:inspection", "inspections:finding")),
                ("Kiến nghị", "Kiến nghị", "swap", "inspections:recommendation_list", [],
                 ("inspections:recommendation",)),
            ]
        if body == Body.PARTY:
            return [
                home,
                ("Công tác Đoàn trong năm", "Tổng hợp", "report", "reports:party_summary", at, ()),
                ("Ý kiến chỉ đạo", "Chỉ đạo", "direction", "branches:direction_list", at, ("branches:direction",)),
            ]
        if body == Body.MEMBER:
            return [home, plan, activities]
        if is_branch:
            return [home, plan, activities, members, papers, cases]
        return [
            home,
            ("Bảng đơn vị", "Bảng", "board", "reports:board", at, ()),
            plan,
            activities,
            papers,
            ("Đơn vị", "Đơn vị", "units", "branches:unit", at, ("branches:unit",)),
            cases,
        ]

    def _bar_entries(self):
        entries = self._nav_entries()
        more = ("Thêm", "Thêm", "more", "branches:more", [], ())
        if self.post is None or self.post.type.body in (Body.INSPECTION, Body.PARTY, Body.MEMBER):
            return [*entries[:4], more]
        if self.unit.is_branch:
            home, plan, _, members = entries[:4]
            do = ("Ghi hoạt động", "Ghi", "plus", "branches:activity_new", [self.unit.pk], ())
            return [home, plan, do, members, more]
        home, board, _, _, papers, units = entries[:6]
        return [home, board, papers, units, more]

    def _more_entries(self):
        if self.post is None:
            return self._admin_entry()
        at, body = [self.unit.pk], self.post.type.body
        rights = rights_at(self.request.user, self.unit)
        entries = []
        if "record" in rights:
            year = timezone.localdate().year
            entries.append((f"Lập kế hoạch năm {year}", "", "edit", "branches:plan_edit", [*at, year], ()))
        if body in (Body.COMMITTEE, Body.OFFICE):
            entries += [
                ("Cấp ủy, cấp trên chỉ đạo", "", "direction", "branches:direction_list", at, ("branches:direction",)),
                ("Kiến nghị sau kiểm tra", "", "swap", "inspections:recommendation_list", [],
                 ("inspections:recommendation",)),
            ]
            if self.unit.is_branch:
                entries.append(("Thông tin đơn vị", "", "units", "branches:unit", at, ()))
            else:
                entries.append(("Đoàn viên", "", "people", "branches:member_list", at, ("branches:member",)))
        if body != Body.PARTY:
            entries.append(("Ai xem được đơn vị này", "", "eye", "branches:unit_access", at, ()))
        return entries + self._admin_entry()

    def _admin_entry(self):
        if getattr(self.request.user, "is_staff", False):
            return [("Trang quản trị", "", "gear", "admin:index", [], ())]
        return []


def frame(request):
    return {"frame": Frame(request)}
