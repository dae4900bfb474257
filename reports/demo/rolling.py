"""The superior's report of last year, rolled up from those of its units that are approved by now.

Two blood drives of the superior were told by several branches: each counted its own people at the first, the second
waits for a word. One sentence is taken from a branch's report, as superiors write theirs.
"""

from reports.drafting import start_report
from reports.joint import decide
from reports.material import material_of
from reports.models import PeriodReport, Submission
from reports.rolling_texts import editions_now, take_text, texts_of_units

from .loading import Demo

UNION, OFFICE = "doan-khoi", "doancaptren"
TAKEN_FROM = "shortcomings"


def build(demo: Demo) -> None:
    unit, by, on = demo.units[UNION], demo.accounts[OFFICE], demo.ago(2)
    period = demo.year(demo.today.year - 1)
    material = material_of(PeriodReport(unit=unit, period=period, from_units=True), as_of=on)
    report = start_report(
        by=by, unit=unit, period=period, material=material, from_units=True, rolled_from=editions_now(material),
        signer_post="Bí thư", recipients="Tỉnh đoàn An Hòa (để b/c)\nĐảng ủy Khối các cơ quan tỉnh (để b/c)\nLưu VP",
    )  # fmt: skip
    for candidate in material.rolled.candidates[:1]:
        decide(report=report, candidate=candidate, version=0, by=by, on=on, said="different")
    section = report.sections.get(key=TAKEN_FROM)
    for text in texts_of_units(material.rolled, section, (), Submission.objects.all())[:1]:
        submission = next(one.submission for one in material.rolled.reported if one.submission.pk == text.submission)
        take_text(section=section, submission=submission, number=1, by=by)
