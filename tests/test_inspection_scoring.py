"""Scores of a checklist, worked out by hand: weights, what does not apply, what is missing, critical items."""

from decimal import Decimal

import pytest

from inspections.checking.scoring import score_of, scores_of, share_words
from inspections.models import ChecklistAnswer, ChecklistItem, ChecklistTemplate


def item(pk, points=10, weight=1, **fields):
    return ChecklistItem(pk=pk, text=f"Mục {pk}", max_points=points, weight=weight, **fields)


def said(result, points=None):
    return ChecklistAnswer(result=result, points=None if points is None else Decimal(points))


def test_score_is_weighted_points_of_weighted_most_points():
    """2 × 10 + 1 × 7,5 + 3 × 0 = 27,5 of 2 × 10 + 1 × 10 + 3 × 10 = 60: 45,83 %, printed 45,8 %."""
    items = [item(1, weight=2), item(2), item(3, weight=3)]
    score = score_of("Phiếu", items, {1: said("met"), 2: said("partly", "7.5"), 3: said("not_met")})
    assert (score.earned, score.possible) == (Decimal("27.5"), 60)
    assert score.words == "27,5 trên 60 điểm (45,8%)"
    assert [line.words for line in score.lines] == [
        "10 trên 10 điểm × hệ số 2 = 20 trên 20",
        "7,5 trên 10 điểm",
        "0 trên 10 điểm × hệ số 3 = 0 trên 30",
    ]
    assert score.verdict == ""


def test_what_does_not_apply_is_in_neither_sum():
    score = score_of("Phiếu", [item(1), item(2, weight=5)], {1: said("met"), 2: said("na")})
    assert score.words == "10 trên 10 điểm (100%)"
    assert score.lines[1].words == "Không áp dụng, không tính vào điểm"


def test_items_without_points_are_not_scored():
    score = score_of("Phiếu", [item(1), item(2, points=0)], {1: said("not_met"), 2: said("met")})
    assert (score.words, score.lines[1].words) == ("0 trên 10 điểm (0%)", "Không chấm điểm")


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({}, "Chưa tính được: còn 2 mục chưa chấm"),
        ({1: said("met")}, "Chưa tính được: còn 1 mục chưa chấm"),
        ({1: said("met"), 2: said("partly")}, "Chưa tính được: còn 1 mục chưa chấm"),
        ({1: said("na"), 2: said("na")}, "Không tính được: không có mục nào phải chấm"),
    ],
)
def test_score_that_cannot_be_measured_says_why(answers, words):
    score = score_of("Phiếu", [item(1), item(2)], answers)
    assert (score.words, score.share, score.is_measurable) == (words, None, False)


def test_critical_item_not_met_makes_the_whole_not_met_whatever_the_points():
    items = [item(1, is_critical=True), *(item(pk) for pk in range(2, 11))]
    answers = {pk: said("met") for pk in range(2, 11)}
    failed = score_of("Phiếu", items, answers | {1: said("not_met")})
    assert (failed.words, failed.verdict) == ("90 trên 100 điểm (90%)", "Chưa đạt: 1 mục bắt buộc chưa đạt")
    assert failed.failed == (items[0],)
    assert score_of("Phiếu", items, answers | {1: said("partly", 1)}).verdict == ""


def test_checklist_without_points_still_says_that_a_critical_item_is_not_met():
    plain, scored = (
        ChecklistTemplate(pk=pk, name=f"Phiếu {pk}", edition=2, scoring=kind)
        for pk, kind in enumerate(("none", "weighted"), 1)
    )
    items = [item(1, points=0, template=plain, is_critical=True), item(2, template=scored), item(3)]
    assert [one.name for one in scores_of(items, {1: said("met"), 2: said("met")})] == ["Phiếu 2 (bản 2)"]
    verdict, score = scores_of(items, {1: said("not_met"), 2: said("met")})
    assert (verdict.name, verdict.words, verdict.verdict, verdict.lines) == (
        "Phiếu 1 (bản 2)", "Phiếu không chấm điểm", "Chưa đạt: 1 mục bắt buộc chưa đạt", (),
    )  # fmt: skip
    assert score.words == "10 trên 10 điểm (100%)"


def test_share_is_printed_only_where_there_is_something_to_measure():
    assert [share_words(*pair) for pair in ((245, 300), (0, 4), (0, 0), (3, None), (None, 4))] == [
        "81,7%", "0%", "", "", "",
    ]  # fmt: skip
