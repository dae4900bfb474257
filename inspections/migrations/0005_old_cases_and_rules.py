"""Cases kept so far take their place in the longer way of a case; the days within which each step is due."""

import datetime

from django.db import migrations

VALID_FROM = datetime.date(2000, 1, 1)
SETTING = "Thiết lập của phần mềm, đơn vị đổi được (văn bản của Đoàn không nêu thời hạn)"
PARTY = "Theo nếp của kiểm tra Đảng: lập và lưu hồ sơ trong 15 ngày làm việc sau thông báo"
RULES = [
    # Working days, unless said otherwise; counted from the planned or real day of the working session.
    ("inspection_plan_days_before", 10, SETTING),  # calendar days before the visit
    ("inspection_self_report_days_before", 3, SETTING),
    ("inspection_team_report_days", 5, SETTING),
    ("inspection_conclusion_days", 15, SETTING),
    ("inspection_archive_days", 15, PARTY),  # after the notice, or after the last recommendation ended
    ("inspection_extension_answer_days", 5, SETTING),
    ("inspection_interest_months", 12, f"{SETTING}: nhắc khi người kiểm tra vừa công tác ở đơn vị trong 12 tháng"),
    ("inspection_unvisited_months", 24, f"{SETTING}: gợi ý đơn vị đã lâu chưa kiểm tra"),
    ("inspection_sent_back_warning", 3, f"{SETTING}: kiến nghị bị trả lại 3 lần thì nhắc báo cấp trên"),
    ("complaint_days", {"complaint": 30, "denunciation": 30, "petition": 15},
     f"{SETTING}: hạn giải quyết đơn thư, ngày làm việc"),
]  # fmt: skip


def forward(apps, schema_editor):
    programme = apps.get_model("inspections", "InspectionProgramme")
    programme.objects.exclude(number="").exclude(issued_on=None).update(state="issued")
    case = apps.get_model("inspections", "Inspection")
    seat = apps.get_model("inspections", "TeamSeat")
    asked = apps.get_model("inspections", "Recommendation")
    # So far "concluded" also meant that somebody follows what was asked.
    going = asked.objects.exclude(state__in=["closed", "withdrawn"]).values("inspection_id")
    case.objects.filter(state="concluded", pk__in=going).update(state="following")
    case.objects.filter(state="planned", pk__in=seat.objects.values("inspection_id")).update(state="team")
    _moves(apps, case)
    _extensions(apps, asked)
    rule = apps.get_model("branches", "Rule")
    rule.objects.bulk_create(
        [rule(key=key, value=value, valid_from=VALID_FROM, source=source) for key, value, source in RULES]
    )


def _moves(apps, case):
    """The steps already made, with the day of the step and who saved it, as far as the history knows."""
    history, move = apps.get_model("inspections", "HistoricalInspection"), apps.get_model("inspections", "CaseMove")
    named = {"visited": "record_visit", "concluded": "conclude", "closed": "close"}
    day_of = {"visited": "visited_on", "concluded": "concluded_on", "closed": "closed_on"}
    rows = []
    for row in case.objects.order_by("pk"):
        before, since = "planned", None
        for state in ("visited", "concluded", "closed"):
            saved = history.objects.filter(id=row.pk, state=state).order_by("history_date", "history_id").first()
            on = getattr(row, day_of[state])
            if saved is None or saved.history_user_id is None or on is None:
                continue
            to = "following" if state == "concluded" and row.state == "following" else state
            rows.append(
                move(inspection=row, verb=named[state], from_state=before, to_state=to, moved_on=on,
                     moved_by_id=saved.history_user_id)
            )  # fmt: skip
            before, since = to, on
        if since:
            case.objects.filter(pk=row.pk).update(state_since=since)
    move.objects.bulk_create(rows)


def _extensions(apps, asked):
    """Dates moved so far were agreed when they were moved."""
    history, extension = (
        apps.get_model("inspections", "HistoricalRecommendation"), apps.get_model("inspections", "ExtensionRequest")
    )  # fmt: skip
    rows = []
    for row in asked.objects.exclude(due_reason="").order_by("pk"):
        due = row.original_due_on
        for saved in history.objects.filter(id=row.pk).exclude(due_reason="").order_by("history_date", "history_id"):
            if saved.due_on == due or saved.due_on is None or saved.history_user_id is None:
                continue
            on = saved.history_date.date()
            rows.append(
                extension(recommendation=row, wanted_due_on=saved.due_on, reason=saved.due_reason, asked_on=on,
                          asked_by_id=saved.history_user_id, state="agreed", due_before=due,
                          agreed_due_on=saved.due_on, decided_on=on, decided_by_id=saved.history_user_id)
            )  # fmt: skip
            due = saved.due_on
    extension.objects.bulk_create(rows)


def backward(apps, schema_editor):
    """The longer way folds back into the four steps it came from."""
    case = apps.get_model("inspections", "Inspection")
    case.objects.filter(state__in=["team", "plan_sent", "self_reported", "verifying"]).update(state="planned")
    case.objects.filter(state="reported").update(state="visited")
    case.objects.filter(state__in=["following", "reinspection"]).update(state="concluded")
    apps.get_model("branches", "Rule").objects.filter(key__in=[key for key, *_ in RULES]).delete()


class Migration(migrations.Migration):
    dependencies = [("inspections", "0004_the_whole_case")]

    operations = [migrations.RunPython(forward, backward)]
