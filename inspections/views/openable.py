"""Which links of a case its reader may open: activities, targets and meetings of the inspected unit."""

from branches.models import Activity, Meeting, Target


def openable(user, *, findings=(), rows=()) -> dict[str, set[int]]:
    """For findings and for recommendations from `with_lanes`. A query for each kind that is linked at all."""
    answers = [answer for row in rows for answer in row.answers.all()]
    activities = {found.activity_id for found in findings} | {
        activity.pk for answer in answers for activity in answer.activities.all()
    }
    targets = {found.target_id for found in findings} | {
        target.pk for answer in answers for target in answer.targets.all()
    }
    return {
        "openable": _seen(Activity, user, activities),
        "openable_targets": _seen(Target, user, targets),
        "openable_meetings": _seen(Meeting, user, {found.meeting_id for found in findings}),
    }


def _seen(model, user, keys: set) -> set[int]:
    keys.discard(None)
    return set(model.objects.visible_to(user).filter(pk__in=keys).values_list("pk", flat=True)) if keys else set()
