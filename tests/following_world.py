"""Dates and decisions about recommendations in the access world."""

import datetime

from inspections.models import ExtensionRequest, Recommendation

DUE, LATER = datetime.date(2026, 12, 31), datetime.date(2027, 1, 31)


def add_following(world) -> None:
    world.extension = ExtensionRequest.objects.create(
        recommendation=world.answered, wanted_due_on=LATER, reason="Chờ lịch", asked_on=datetime.date(2026, 10, 2),
        asked_by=world.accounts["secretary"], due_before=DUE,
    )  # fmt: skip
    world.accepted = Recommendation.objects.create(
        inspection=world.case, number=3, text="Mua tủ hồ sơ", owner="BCH", original_due_on=DUE, due_on=DUE,
        state="accepted", accepted_on=datetime.date(2026, 10, 2), accepted_until=datetime.date(2030, 1, 1),
        accepted_reason="Chưa có kinh phí",
    )  # fmt: skip


def following_objects(world) -> dict:
    return {
        "inspections:extension_ask": world.advice, "inspections:extension_answer": world.extension,
        "inspections:recommendation_accept": world.advice, "inspections:recommendation_revoke": world.accepted,
        "inspections:recommendation_target": world.advice, "inspections:recommendation_task": world.advice,
    }  # fmt: skip
