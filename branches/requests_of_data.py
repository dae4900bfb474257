"""Verbs on the register of requests: somebody asks about their own data, and the clocks of the law run.

Days come from the rules data_request_*: answered within so many working days, finished within so many
days by kind, put off once by so many days with a reason.
"""

import datetime

from django.db import transaction

from branches.models import DataRequest, Member, Unit
from branches.models.rule import rules_on
from branches.vietnamese import nfc
from branches.workdays import working_days_after

OLDEST_DAYS = 366  # an older day of receipt is a slip of the pen


class RequestRefused(Exception):
    """Not possible. `errors` maps a field ("" for the whole form) to a Vietnamese message."""

    def __init__(self, errors: dict[str, str]):
        super().__init__(" ".join(errors.values()))
        self.errors = errors


@transaction.atomic
def receive_request(
    *, unit: Unit, kind: str, name: str, received_on: datetime.date, on: datetime.date, by,
    member: Member | None = None, details: str = "",
) -> DataRequest:  # fmt: skip
    """Write a request into the unit's register and set its two dates."""
    name = nfc(name) or (member.full_name if member else "")
    if not name:
        raise RequestRefused({"name": "Hãy ghi tên người yêu cầu."})
    if received_on > on:
        raise RequestRefused({"received_on": "Ngày nhận không thể sau hôm nay."})
    if (on - received_on).days > OLDEST_DAYS:
        raise RequestRefused({"received_on": "Ngày nhận đã quá một năm. Hãy xem lại năm."})
    rules = rules_on(on)
    days = rules["data_request_finish_days"]
    if kind not in days:
        raise RequestRefused({"kind": "Hãy chọn yêu cầu."})
    return DataRequest.objects.create(
        unit=unit,
        member=member,
        name=name,
        kind=kind,
        details=details.strip(),
        received_on=received_on,
        answer_due_on=working_days_after(received_on, rules["data_request_answer_working_days"]),
        finish_due_on=received_on + datetime.timedelta(days=days[kind]),
        written_by=by,
    )


@transaction.atomic
def answer_request(*, request: DataRequest, on: datetime.date, today: datetime.date) -> DataRequest:
    """The person was told that the request arrived and what will be done."""
    request = _locked(request)
    if request.answered_on:
        raise RequestRefused({"": f"Đã trả lời ngày {request.answered_on:%d/%m/%Y}."})
    _check_day(request, "answered_on", on, today)
    request.answered_on = on
    request.save(update_fields=["answered_on"])
    return request


@transaction.atomic
def extend_request(*, request: DataRequest, days: int, because: str, on: datetime.date) -> DataRequest:
    """Put the end off, once, with a reason the person is told."""
    request = _locked(request)
    longest = rules_on(on)["data_request_extension_days"]
    because = nfc(because)
    if request.finished_on:
        raise RequestRefused({"": "Yêu cầu này đã làm xong."})
    if request.extended_because:
        raise RequestRefused({"": "Đã gia hạn một lần. Luật không cho gia hạn thêm."})
    if not 1 <= days <= longest:
        raise RequestRefused({"days": f"Gia hạn từ 1 đến {longest} ngày."})
    if not because:
        raise RequestRefused({"because": "Hãy ghi lý do gia hạn để báo cho người yêu cầu."})
    request.finish_due_on += datetime.timedelta(days=days)
    request.extended_because = because
    request.save(update_fields=["finish_due_on", "extended_because"])
    return request


@transaction.atomic
def finish_request(*, request: DataRequest, outcome: str, on: datetime.date, today: datetime.date) -> DataRequest:
    """What was done is written down; whoever finishes has answered."""
    request = _locked(request)
    if request.finished_on:
        raise RequestRefused({"": f"Đã làm xong ngày {request.finished_on:%d/%m/%Y}."})
    _check_day(request, "finished_on", on, today)
    if not outcome.strip():
        raise RequestRefused({"outcome": "Hãy ghi đã làm gì, hoặc vì sao không làm được."})
    request.finished_on, request.outcome = on, outcome.strip()
    request.answered_on = request.answered_on or on
    request.save(update_fields=["finished_on", "outcome", "answered_on"])
    return request


def standing_of(request: DataRequest, on: datetime.date) -> tuple[str, datetime.date | None, str]:
    """(name of the state, the day it runs to, its word): what is due next, and whether it is late."""
    if request.finished_on:
        late = request.finished_on > request.finish_due_on
        return ("missed", None, "Xong, quá hạn") if late else ("done", None, "Xong")
    if request.answered_on is None:
        due, what = request.answer_due_on, "trả lời"
    else:
        due, what = request.finish_due_on, "làm xong"
    return ("overdue", due, f"Quá hạn {what}") if due < on else ("going", due, f"Chờ {what}")


def _locked(request: DataRequest) -> DataRequest:
    return DataRequest.objects.select_for_update().get(pk=request.pk)


def _check_day(request: DataRequest, field: str, on: datetime.date, today: datetime.date) -> None:
    if on < request.received_on:
        raise RequestRefused({field: f"Không thể trước ngày nhận {request.received_on:%d/%m/%Y}."})
    if on > today:
        raise RequestRefused({field: "Không thể sau hôm nay."})
