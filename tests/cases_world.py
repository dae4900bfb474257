"""Cases of `own` on their way, one for each step that has a page, in World (access_world.py)."""

import datetime

from django.core.files.base import ContentFile

from inspections.models import Inspection, InspectionProgramme, Recommendation, SelfReport, SelfReportFile, TeamSeat

LONG_AGO = datetime.date(2020, 1, 1)


def add_cases(world) -> None:
    programme = InspectionProgramme.objects.create(
        unit=world.union, year=2026, number="03-KH/UBKT", issued_on=datetime.date(2026, 3, 1), state="issued",
        in_name_of="inspection", title="Kế hoạch quý III",
    )  # fmt: skip
    world.cases = {}
    notified = {"concluded_on": datetime.date(2026, 9, 10)}
    ways = {
        "team": {}, "plan_sent": {}, "self_reported": {}, "following": notified,
        "closed": notified | {"closed_on": datetime.date(2026, 10, 1)},
    }  # fmt: skip
    for state, fields in ways.items():
        case = Inspection.objects.create(
            programme=programme, unit=world.own, title=f"Cuộc {state}", inspection_kind="periodic", state=state,
            review_from=datetime.date(2026, 1, 1), review_to=datetime.date(2026, 10, 1), **fields,
        )  # fmt: skip
        _seat(case, world.accounts["seat"], "member")
        _seat(case, world.accounts["head"], "head")
        world.cases[state] = case
    # The same committee at another unit: its team has nothing to do with the cases of `own`.
    elsewhere = Inspection.objects.create(
        programme=programme, unit=world.accounts["sibling"].posts.get().unit, title="Cuộc ở nơi khác",
        inspection_kind="periodic", state="following", review_from=datetime.date(2026, 1, 1),
        review_to=datetime.date(2026, 10, 1), **notified,
    )  # fmt: skip
    _seat(elsewhere, world.accounts["other_seat"], "head")
    world.elsewhere = elsewhere
    Recommendation.objects.create(
        inspection=world.cases["following"], number=1, text="Sinh hoạt đều", owner="BCH", no_due_date=True
    )
    report = SelfReport.objects.create(
        inspection=world.cases["self_reported"], text="Đã làm đủ", sent_on=datetime.date(2026, 8, 20),
        sent_by=world.accounts["secretary"],
    )  # fmt: skip
    world.self_report_file = SelfReportFile(report=report, kind="pdf", content_type="application/pdf", name="b.pdf")
    world.self_report_file.file.save("b.pdf", ContentFile(b"%PDF-1.4"))


def _seat(case, account, role) -> None:
    TeamSeat.objects.create(inspection=case, account=account, name="Người trong đoàn", role=role, starts_on=LONG_AGO)


def cases_objects(world) -> dict:
    """Address → the object it is about."""
    names = {
        "send_plan": "team", "cancel": "team", "self_report": "plan_sent", "self_report_paper": "plan_sent",
        "verify": "self_reported", "reinspect": "following", "reopen": "closed",
    }  # fmt: skip
    return {f"inspections:{name}": world.cases[state] for name, state in names.items()} | {
        "inspections:programme_issue": world.programme, "inspections:programme_take": world.programme,
        "inspections:self_report_file": world.self_report_file, "inspections:step_back": world.draft_case,
        "inspections:team_report": world.draft_case, "inspections:escalate": world.draft_case,
    }  # fmt: skip
