"""Congress papers and the meeting room: their part of World, and of the tables of access and attacks."""

from branches.aims import parse_aim
from branches.models import Period
from reports.congress.keeping import save_texts
from reports.congress.proposing import Wanted, save_proposals
from reports.models import CongressPaper

from .access_people import PARTY, READERS, may

Kind = CongressPaper.Kind
WRITES = may({"secretary"}, READERS)
EXPECTED = {
    "reports:congress": may(READERS),
    "reports:congress_paper": may(READERS),
    "reports:congress_paper_pdf": may(READERS),
    "reports:congress_paper_docx": may(READERS),
    "reports:congress_targets": WRITES,
    "reports:congress_adopt": WRITES,
    "reports:congress_issue": WRITES,
    "reports:party_summary_xlsx": may(READERS | PARTY),
    "reports:party_screen": may(READERS | PARTY),
}
POST_ONLY: set = set()
FORMS = {
    "reports:congress_paper": ("secretary", lambda w: {"text_uu_diem": "Đoàn kết."}),
    "reports:congress_targets": ("secretary", lambda w: {}),
    "reports:congress_adopt": ("secretary", lambda w: {}),
    "reports:congress_issue": ("secretary", lambda w: {"dated_on": "02/05/2022"}),
}
ATTACKS = [
    (
        "reports:congress_targets",
        "added",
        lambda one: {"added": one.pk, "added_aim": "≥ 3", "added_reason": "Theo nghị quyết"},
        "indicator",
        "indicator",
    ),
]
SPOILT = {
    "reports:congress_paper": ("text_uu_diem", "version"),
    "reports:congress_targets": ("added", "version"),
    "reports:congress_issue": ("dated_on", "version"),
}


def add(world) -> None:
    """The review of the term that ended, begun; one target proposed for the next."""
    by = world.accounts["secretary"]
    world.ended_term = Period.objects.filter(kind=Period.Kind.TERM, unit=world.own).order_by("starts_on").first()
    save_texts(
        term=world.ended_term, kind=Kind.REVIEW, version=0, by=by, texts={"han-che": "Họp chưa đều."},
        signer_post="Bí thư", signer_name="",
    )  # fmt: skip
    indicator = world.target.indicator
    wanted = Wanted(indicator, parse_aim("≥ 3", indicator), "bằng kết quả nhiệm kỳ này")
    save_proposals(term=world.ended_term, version=0, rows=[wanted], by=by)


def objects(world) -> dict:
    """Address → the object it is about."""
    return {}


def arguments(world) -> dict:
    """Address → its arguments."""
    term = {"pk": world.own.pk, "period": world.ended_term.pk}
    year = {"pk": world.own.pk, "year": 2026}
    return {
        **{f"reports:congress{name}": term for name in ("", "_targets", "_adopt")},
        **{
            f"reports:congress_{name}": term | {"kind": Kind.REVIEW.value}
            for name in ("paper", "paper_pdf", "paper_docx", "issue")
        },
        "reports:party_summary_xlsx": year,
        "reports:party_screen": year,
    }
