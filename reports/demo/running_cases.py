"""The inspection committee of the running year: cases in every state, recommendations of every age, letters."""

import datetime

from inspections.models import CasePaper
from inspections.programming import draft_programme

from . import running_ahead as ahead
from . import running_followed as followed
from .casepapers import send_out
from .casework import HEAD, INSPECT, SEAT, SECRETARY, Sheet, seats, topics
from .letters import take_letters
from .loading import Demo
from .people import FEMALE, MALE
from .running_scene import Scene

Day = datetime.date
ABOVE = "doan-khoi"
LAST_YEAR = [followed.closed, followed.reinspected]
THIS_YEAR = [
    followed.overdue, followed.owed, followed.of_the_office, ahead.visited, ahead.forgotten, ahead.coming,
    ahead.planned, ahead.sent, ahead.to_write, ahead.self_reported, ahead.verifying, ahead.reported,
    followed.concluded, ahead.escalated, ahead.cancelled,
]  # fmt: skip
TOPICS = topics((INSPECT, "Thực hiện chỉ tiêu công tác năm"), (INSPECT, "Nền nếp sinh hoạt, sổ sách của đơn vị"))
PURPOSE = (
    "Nắm việc thực hiện chương trình công tác năm ở các đơn vị, nhắc việc chậm và nêu cách làm hay.\n"
    "Kết hợp kiểm tra và giám sát, mỗi đơn vị không quá một buổi."
)


def build(demo: Demo) -> None:
    by, second = demo.accounts["ubkt"], _second(demo)
    team = seats(
        (by, "Chủ nhiệm Ủy ban Kiểm tra Đoàn Khối", HEAD),
        (second, "Ủy viên Ủy ban Kiểm tra Đoàn Khối", SECRETARY),
        (demo.crowd.name(FEMALE), "Ủy viên Ban Chấp hành Đoàn Khối", SEAT),
    )
    for ago, number, visits in ((400, 4, LAST_YEAR), (190, 5, THIS_YEAR)):
        issued_on = demo.ago(ago)
        programme = draft_programme(
            by=by, unit=demo.units[ABOVE], year=issued_on.year, number=f"{number:02d}-KH/UBKT", issued_on=issued_on,
            in_name_of="inspection", title=f"Kế hoạch kiểm tra, giám sát năm {issued_on.year}", purpose=PURPOSE,
            topics=TOPICS,
        )  # fmt: skip
        scene = Scene(demo, by, second, programme, team)
        # Every case stands in the programme before it is issued; then each is played.
        plays = [visit(scene) for visit in visits]
        send_out(Sheet(issued_on, CasePaper.Kind.PROGRAMME, number), by=by, programme=programme)
        programme.refresh_from_db()
        for play in plays:
            play()
        if visits is THIS_YEAR:
            take_letters(scene)
        scene.send_papers()


def _second(demo: Demo):
    """A member of the inspection committee who signs in, too."""
    account = demo.account("ubkt-uyvien", demo.crowd.name(MALE), signs_in=True)
    demo.hold("ubkt-uyvien", ABOVE, "inspection_member", Day(2022, 12, 20))
    return account
