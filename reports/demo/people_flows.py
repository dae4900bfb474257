"""What goes on around the register: who moves, who asks to join, who corrects their own record, what units became.

Everything is told in days before the day of loading, so that the waiting lists of the demo are never empty.
"""

import datetime

from django.utils import timezone

from branches.admitting import propose_admission, record_vote
from branches.consenting import say_consent, text_in_force
from branches.days import PartialDay
from branches.merging import merge_units
from branches.models import Consent, DataRequest, Membership, Precision, Unit
from branches.proposing import propose
from branches.requests_of_data import answer_request, finish_request, receive_request
from branches.self_correcting import make_link
from branches.staying import begin_stay
from branches.terms import start_term
from branches.transferring import send_transfer

from .dues import keep_dues
from .loading import Demo
from .people import FEMALE

Day = datetime.date


def merge_some(demo: Demo) -> None:
    """Two building sites became one branch; whoever was at the second is at the first without a gap."""
    code, since = "xay-lap-cong-truong-2", Day(2023, 3, 26)
    demo.found(code, Unit.Kind.BRANCH, "Chi đoàn Công trường số 2", "xay-lap", since, place="Tân Phong")
    demo.hold("bithu-xaylap", code, "secretary", since)
    for number in range(5):
        demo.enrol(code, since, **demo.crowd.person(age=20 + number, on=since))
    merged_on = Day(demo.today.year - 1, 7, 1)
    merge_units(
        by=demo.accounts["bithu-thanh-doan"], superior=demo.units["xay-lap"],
        sources=[demo.units[code], demo.units["xay-lap-cong-truong"]], into=demo.units["xay-lap-cong-truong"],
        on=merged_on, today=demo.today, decision="QĐ số 27-QĐ/ĐTN", decided_on=merged_on - datetime.timedelta(days=9),
    )  # fmt: skip
    demo.rolls.clear()


def move_some(demo: Demo) -> None:
    """One person is waited for at the demo's branch, one answer is overdue, one takes part beside the home branch."""
    secretary = demo.recorder("vp-ubnd", demo.today)
    send_transfer(
        member=demo.members["vp-ubnd"][2], target=demo.units["so-tttt"], asked_on=demo.ago(9), by=secretary,
        reason="Điều động công tác", remark="Tham gia sinh hoạt đều, hoàn thành nhiệm vụ được giao.",
        dues_paid_to=demo.ago(9).replace(day=1), letter_number="14-GT/CĐ", letter_on=demo.ago(8), on=demo.ago(8),
    )  # fmt: skip
    send_transfer(
        member=demo.members["cuc-thads"][4], target=None, target_name="Chi đoàn Tòa án nhân dân thành phố Tân Phong",
        asked_on=demo.ago(52), reason="Chuyển nơi làm việc", remark="Chấp hành tốt Điều lệ, tích cực hiến máu.",
        dues_paid_to=demo.ago(52).replace(day=1), letter_number="09-GT/CĐ", letter_on=demo.ago(50),
        by=demo.recorder("cuc-thads", demo.today), on=demo.ago(50),
    )  # fmt: skip
    begin_stay(
        member=demo.members["so-tu-phap"][1], unit=demo.units["so-tttt"], kind=Membership.Kind.TEMPORARY,
        starts_on=demo.ago(70), decision="Giấy giới thiệu 21-GT/CĐ", on=demo.today,
    )  # fmt: skip


def admit_some(demo: Demo) -> None:
    """One application before the vote, one that waits for the superior."""
    by = demo.recorder("so-tttt", demo.today)
    for age, days in ((18, 12), (19, 40)):
        person = demo.crowd.person(age=age, on=demo.ago(days), sex=FEMALE)
        kept = ("full_name", "sex", "birth_date", "job", "education", "address", "phone")
        admission = propose_admission(
            unit=demo.units["so-tttt"], by=by, on=demo.ago(days), applied_on=demo.ago(days),
            introduced_by=f"Đồng chí {by.full_name}", **{name: person[name] for name in kept},
        )  # fmt: skip
        if days == 40:
            record_vote(admission=admission, voted_on=demo.ago(30), members_present=13, votes_for=12, on=demo.ago(30))


def correct_some(demo: Demo) -> None:
    """A link to correct one's own record, and what two members sent by it; two requests about personal data."""
    unit, by, now = demo.units["so-tttt"], demo.recorder("so-tttt", demo.today), timezone.now()
    link, _ = make_link(unit=unit, by=by, now=now)
    first, second = demo.members["so-tttt"][1:3]
    propose(member=first, values={"phone": "0900000777", "job": "Chuyên viên chính"}, link=link)
    propose(member=second, values={"address": "Tổ 9, phường Hòa Lạc"}, link=link)
    text = text_in_force(demo.today)
    for member in (first, second):
        say_consent(member=member, text=text, given=True, means=Consent.Means.LINK, on=demo.today)
    done = receive_request(
        unit=unit, member=first, name="", kind=DataRequest.Kind.COPY, received_on=demo.ago(20), on=demo.ago(20), by=by,
        details="Xin bản sao hồ sơ đoàn viên của mình.",
    )  # fmt: skip
    answer_request(request=done, on=demo.ago(19), today=demo.today)
    finish_request(request=done, outcome="Đã gửi tệp qua thư điện tử.", on=demo.ago(17), today=demo.today)
    receive_request(
        unit=unit, member=second, name="", kind=DataRequest.Kind.CORRECT, received_on=demo.ago(1), on=demo.today, by=by,
        details="Nơi ở ghi sai, đã gửi lại qua liên kết.",
    )  # fmt: skip


def appoint_some(demo: Demo) -> None:
    """A committee appointed until a congress that has not been held for too long."""
    begun = demo.ago(250)
    start_term(
        by=demo.recorder("so-nn", demo.today), unit=demo.units["so-nn"], name="Ban Chấp hành lâm thời", starts_on=begun,
        last_day=begun + datetime.timedelta(days=364), is_provisional=True, decision="QĐ số 88-QĐ/ĐK",
    )  # fmt: skip


def write_twice(demo: Demo) -> None:
    """Somebody was written down a second time, by the year of birth alone, when the list was typed anew."""
    unit = "so-ldtbxh"
    known = demo.members[unit][3]
    demo.enrol(
        unit, demo.ago(200), full_name=known.full_name, sex=known.sex, phone=known.phone, job=known.job,
        birth_date=PartialDay(known.birth_date.replace(month=1, day=1), Precision.YEAR),
    )  # fmt: skip


def tell_of_people(demo: Demo) -> None:
    """All of it, in the order in which it needs each other."""
    move_some(demo)
    admit_some(demo)
    correct_some(demo)
    appoint_some(demo)
    write_twice(demo)
    keep_dues(demo)
