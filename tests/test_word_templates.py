"""Word templates of papers: what a file may hold, whose it is, which papers it fills, and that nothing in it runs."""

import datetime
import io
import re
import uuid
import zipfile
from itertools import zip_longest

import docx
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from branches.models import Post, Transfer
from branches.transferring import send_transfer
from reports.forms_word import WordFileForm
from reports.models import WordTemplate
from reports.papers.html_docx import word_of
from reports.papers.merit import discipline_decision_html, party_introduction_html, party_remark_html
from reports.papers.people import admission_decision_html, admission_request_html, transfer_letter_html
from reports.papers.word_kinds import KINDS, RECEIPT, TRANSFER
from reports.papers.word_templates import checked_file, preview, word_file
from reports.templating import WordTemplateRefused, drop_draft, end_template, put_in_use

from .access_world import World
from .factories import MemberFactory
from .test_word_of_everything import words_of_word
from .word_templates_world import first_file, stored_template, upload

pytestmark = [pytest.mark.django_db, pytest.mark.once]
BUILT = World
DAY = datetime.date(2026, 9, 15)
NEXT = DAY + datetime.timedelta(days=1)


@pytest.fixture
def world(own_world, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: DAY)
    monkeypatch.setattr("reports.views.printing.PAPERS", 1000)
    return own_world


@pytest.fixture
def admin(world, client):
    client.force_login(world.accounts["administrator"])
    return client


def unit_of(world, relation: str):
    return Post.objects.get(account=world.accounts[relation]).unit


def file_of(*paragraphs: str) -> bytes:
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def repacked(content: bytes, change=None, add=None) -> bytes:
    """The file with parts changed (name → function of its bytes) or added (name → bytes)."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, (change or {}).get(name, lambda same: same)(part))
        for name, part in (add or {}).items():
            new.writestr(name, part)
    return out.getvalue()


# --- what is offered ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda one: one.key)
def test_the_first_file_names_everything_that_is_offered_and_nothing_else(kind):
    checked = checked_file(kind, first_file(kind.key))
    offered = set(kind.offered)
    # The committee's names of a slip of money stand in no head: nobody is addressed there.
    assert (set(checked.used) | set(checked.unused), checked.unknown) == (offered, ())
    assert set(checked.unused) == set()


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda one: one.key)
def test_the_preview_shows_the_samples(kind):
    said = " ".join(words_of_word(preview(kind, first_file(kind.key))))
    assert "{" not in said
    for one in kind.fields:
        assert " ".join(one.sample.split()) in said, one.key


def letter(world, **said) -> Transfer:
    """A letter with everything in it, so that no optional words stay away."""
    member = MemberFactory(home=world.own, full_name="Lê Thu An", national_code="AH01", card_number="12345")
    values = {
        "target": None, "target_name": "Đoàn phường Tân Lập", "asked_on": DAY, "remark": "Gương mẫu",
        "reason": "chuyển công tác",
    }  # fmt: skip
    made = send_transfer(member=member, by=world.accounts["secretary"], on=DAY, **values | said)
    Transfer.objects.filter(pk=made.pk).update(letter_number="07", letter_on=DAY)
    return Transfer.objects.get(pk=made.pk)


def papers_of(world) -> dict:
    case = world.reviewed_case
    return {
        "transfer_letter": transfer_letter_html(letter(world), on=DAY),
        "admission_request": admission_request_html(world.voted, on=DAY),
        "admission_decision": admission_decision_html(world.voted, on=DAY),
        "party_introduction": party_introduction_html(world.party_step),
        "party_remark": party_remark_html(world.party_remark),
        "discipline_decision": discipline_decision_html(case, on=DAY),
    }


def without_confirmation(words: list[str]) -> list[str]:
    """A first file has no place for the superior's confirmation; an office adds it where it wants it."""
    text = " ".join(words)
    return re.sub(r"XÁC NHẬN CỦA ĐOÀN CẤP TRÊN \(Ký, đóng dấu\) ?", "", text).split()


def test_the_first_file_filled_says_what_the_built_in_one_says(world):
    """Six papers of the world, word by word: so no first file drifts away from its paper."""
    wrong = {}
    for key, (html, layout) in papers_of(world).items():
        built_in = without_confirmation(words_of_word(word_of(html, layout)))
        unit = world.union if "decision" in key else world.own
        template = stored_template(unit, world.accounts["administrator"], kind=KINDS[key])
        put_in_use(template=template, version=template.version, from_on=DAY, on=DAY)
        WordTemplate.objects.filter(pk=template.pk).update(valid_from=datetime.date(2020, 1, 1))
        made = without_confirmation(words_of_word(word_file(html, layout)))
        if made != built_in:
            wrong[key] = [(a, b) for a, b in zip_longest(built_in, made) if a != b][:6]
        assert word_file(html, layout) != word_of(html, layout), key  # it was filled from the file
    assert wrong == {}


# --- whose file, and from when ----------------------------------------------------------------------------


def mark(world, unit, text: str, from_on=DAY):
    content = file_of(f"{text} {{{{ ho_ten }}}}")
    template = stored_template(unit, world.accounts["administrator"], content=content)
    return put_in_use(template=template, version=template.version, from_on=from_on, on=DAY)


def said_by(transfer, on=DAY) -> str:
    html, layout = transfer_letter_html(transfer, on=on)
    return " ".join(words_of_word(word_file(html, layout)))


def test_the_nearest_file_above_fills_the_paper_from_its_day_on(world):
    transfer = letter(world)
    built_in = said_by(transfer)
    assert "GIẤY GIỚI THIỆU" in built_in
    mark(world, world.union, "Mẫu Khối")
    assert said_by(transfer) == "Mẫu Khối Lê Thu An"
    own = mark(world, world.own, "Mẫu chi đoàn", from_on=NEXT)
    assert said_by(transfer) == "Mẫu Khối Lê Thu An"  # the day has not come
    Transfer.objects.filter(pk=transfer.pk).update(letter_on=NEXT)
    later = Transfer.objects.get(pk=transfer.pk)
    assert said_by(later, NEXT) == "Mẫu chi đoàn Lê Thu An"
    assert said_by(transfer) == "Mẫu Khối Lê Thu An"  # an older paper keeps its file
    end_template(template=own, version=own.version, from_on=NEXT, on=DAY)
    assert said_by(later, NEXT) == "Mẫu Khối Lê Thu An"


def test_a_file_of_a_unit_beside_or_below_fills_nothing_here(world):
    transfer = letter(world)
    built_in = said_by(transfer)
    for unit in (unit_of(world, "sibling"), unit_of(world, "below")):
        mark(world, unit, "Mẫu lạ")
    assert said_by(transfer) == built_in


def test_a_draft_fills_nothing_and_a_lost_file_gives_the_built_in_one(world):
    transfer = letter(world)
    built_in = said_by(transfer)
    stored_template(world.own, world.accounts["administrator"], content=file_of("Nháp"))
    assert said_by(transfer) == built_in
    used = mark(world, world.own, "Mẫu")
    used.file.storage.delete(used.file.name)
    assert said_by(transfer) == built_in


def test_the_pdf_stays_the_built_in_one(world, client):
    transfer = letter(world)
    client.force_login(world.accounts["secretary"])
    url = reverse("reports:transfer_letter_pdf", args=[transfer.pk])
    mark(world, world.own, "Mẫu riêng")
    answer = client.get(url)
    assert answer.content.startswith(b"%PDF")
    word = client.get(reverse("reports:transfer_letter_docx", args=[transfer.pk]))
    assert words_of_word(word.content) == ["Mẫu", "riêng", "Lê", "Thu", "An"]


def test_words_of_the_paper_stay_words_in_the_file(world):
    """What people typed is never read as a mark, as XML or as a field of Word."""
    transfer = letter(world, target_name="{{ 7*7 }} <w:br/> & {% for x in y %}", reason="]]> {{ ho_ten }}")
    content = file_of("{{ noi_den }}", "{{ ly_do }}")
    template = stored_template(world.own, world.accounts["administrator"], content=content)
    put_in_use(template=template, version=template.version, from_on=DAY, on=DAY)
    html, layout = transfer_letter_html(transfer, on=DAY)
    found = [one.text for one in docx.Document(io.BytesIO(word_file(html, layout))).paragraphs]
    assert found == ["{{ 7*7 }} <w:br/> & {% for x in y %}", "]]> {{ ho_ten }}"]


def test_a_day_that_has_passed_is_refused_and_editions_count_up(world):
    by = world.accounts["administrator"]
    first, second = (stored_template(unit_of(world, "sibling"), by, kind=RECEIPT) for _ in range(2))
    assert [first.edition, second.edition] == [1, 2]
    with pytest.raises(WordTemplateRefused, match="15/09/2026"):
        put_in_use(template=first, version=first.version, from_on=DAY - datetime.timedelta(days=1), on=DAY)
    first.refresh_from_db()
    used = put_in_use(template=first, version=first.version, from_on=DAY, on=DAY)
    with pytest.raises(WordTemplateRefused, match="chưa dùng"):
        drop_draft(template=used, version=used.version)
    drop_draft(template=second, version=second.version)
    assert list(WordTemplate.objects.filter(unit=unit_of(world, "sibling")).values_list("edition", flat=True)) == [1]


# --- what a file may not hold -----------------------------------------------------------------------------

MARKS = [
    "{{ ''.__class__ }}", "{{ ''.__class__.__mro__[1].__subclasses__() }}", "{{ ho_ten.__class__ }}",
    "{{ ho_ten|attr('__class__') }}", "{{ self.__init__.__globals__ }}", "{{ cycler.__init__.__globals__.os }}",
    "{{ namespace(a=1) }}", "{{ lipsum }}{{ lipsum() }}", "{% set a = 1 %}", "{{ 'a' * 1000000000 }}", "{{ 7*7 }}",
    "{% for x in range(1000000000) %}a{% endfor %}",
    "{% for a in noi_nhan %}{% for b in noi_nhan %}x{% endfor %}{% endfor %}",
    "{% include '/etc/passwd' %}", "{% import 'os' as os %}", "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{{ ho_ten.format() }}", "{{ ho_ten[0] }}", "{{ ho_ten ~ ho_ten }}", "{{ ho_ten if 1 else 2 }}", "{{ 'chữ' }}",
    "{% if ho_ten == 'A' %}x{% endif %}", "{{ dict }}{{ dict() }}", "{% raw %}{% endraw %}{{ joiner() }}", "{% do x %}",
    "{% for a in noi_nhan recursive %}{{ loop(a) }}{% endfor %}", "{% filter upper %}a{% endfilter %}",
    "{% extends 'a' %}", "{% block a %}{% endblock %}", "{% call a() %}{% endcall %}", "{% colspan 1+1 %}", "{{ ho_ten",
    "{% endfor %}", "{% if %}", "{{ }}",
    # A text is no list: its letters are not walked through, and nothing inside a repetition goes unread.
    "{% for x in ho_ten %}a{% endfor %}", "{% for x in ho_ten %}{{ 2**10 }}{% endfor %}",
    "{% for x in la %}{{ 2**10 }}{% endfor %}", "{% for x in la %}{{ '%5d' % 3 }}{% endfor %}",
    "{% for x in la %}{% autoescape false %}{{ x }}{% endautoescape %}{% endfor %}",
    "{% for x in la %}{% for y in x %}a{% endfor %}{% endfor %}", "{% for x in la %}a{% else %}{{ 2**10 }}{% endfor %}",
]  # fmt: skip


@pytest.mark.parametrize("text", MARKS)
def test_no_mark_but_the_three_is_ever_run(text):
    form = WordFileForm({"form_key": key()}, {"file": upload(file_of("Họ tên", text))}, kind=TRANSFER)
    assert not form.is_valid()
    assert set(form.errors) == {"file"}


def test_the_three_marks_are_taken():
    """Negative control: a name, a condition on a name, a repetition of a list."""
    text = "{% if ho_ten and not ly_do %}{{ ho_ten }}{% else %}-{% endif %}{% for a in noi_nhan %}{{ a }}{% endfor %}"
    form = WordFileForm({"form_key": key()}, {"file": upload(file_of(text))}, kind=TRANSFER)
    assert form.is_valid(), form.errors
    assert set(form.checked.used) == {"ho_ten", "ly_do", "noi_nhan"}


def test_rows_of_a_list_give_their_columns_only():
    """A word of Python's own dictionaries is no column."""
    content = file_of("{% for x in danh_sach %}{{ x.items }}{{ x.ho_ten }}{% endfor %}")
    checked = checked_file(RECEIPT, content)
    assert (checked.unknown, checked.used) == (("danh_sach.items",), ("danh_sach", "danh_sach.ho_ten"))
    assert "built-in" not in " ".join(words_of_word(preview(RECEIPT, content)))


def with_rel(content: bytes, rel: str) -> bytes:
    name = "word/_rels/document.xml.rels"
    return repacked(content, {name: lambda part: part.replace(b"</Relationships>", rel.encode() + b"</Relationships>")})


def with_field(code: str, *, simple: bool = False) -> bytes:
    runs = (
        f'<w:fldSimple w:instr="{code}"/>'
        if simple
        else '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        + "".join(f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in (code[:3], code[3:]))
        + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    ).encode()
    return repacked(file_of("A"), {"word/document.xml": lambda part: part.replace(b"<w:r>", runs + b"<w:r>", 1)})


IMAGE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
ATTACHED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"
TYPES = "[Content_Types].xml"


OUTSIDE = f'<Relationship Id="r9" Type="{IMAGE}" TargetMode="External" Target="http://a.example/x.png"/>'
REMOTE = f'<Relationship Id="r9" Type="{ATTACHED}" Target="a.dotm"/>'
# The same, written so that only who decodes the letters sees it.
CODED_OUTSIDE = OUTSIDE.replace("External", "&#69;xternal")
CODED_REMOTE = REMOTE.replace("attachedTemplate", "attached&#84;emplate")
CODED_BOTH = CODED_OUTSIDE.replace(IMAGE, ATTACHED.replace("attachedTemplate", "attached&#84;emplate"))
LAUGHS = b'<!DOCTYPE a [<!ENTITY b "b"><!ENTITY c "&b;&b;">]>'
PLAIN = file_of("A {{ ho_ten }}")
FIELD_ELSEWHERE = (
    b'<w:hdr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    b'<w:fldSimple w:instr="DDE x"/></w:hdr>'
)


def with_macro_type(part: bytes) -> bytes:
    return part.replace(b"document.main+xml", b"document.macroEnabled.main+xml")


def with_coded_macro_type(part: bytes) -> bytes:
    return part.replace(b"document.main+xml", b"document.macro&#69;nabled.main+xml")


def with_text_in_a_picture(part: bytes) -> bytes:
    """Word would read the picture as a header."""
    kind = b"application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml"
    return part.replace(b"</Types>", b'<Override PartName="/word/a.odttf" ContentType="' + kind + b'"/></Types>')


def with_entities(part: bytes) -> bytes:
    return part.replace(b"?>", b"?>" + LAUGHS, 1)


# Name → (the file, a word of the answer).
HOSTILE = {
    "external-image": (with_rel(PLAIN, OUTSIDE), "đường dẫn"),
    "remote-template": (with_rel(PLAIN, REMOTE), "mẫu đính kèm"),
    "macro": (repacked(PLAIN, add={"word/vbaProject.bin": b"x"}), "macro"),
    "docm": (repacked(PLAIN, {TYPES: with_macro_type}), "macro"),
    "ole": (repacked(PLAIN, add={"word/embeddings/oleObject1.bin": b"x"}), "macro"),
    "hidden-ole": (repacked(PLAIN, add={"word/media/image1.png": b"\xd0\xcf\x11\xe0rest"}), "nhúng"),
    "coded-external": (with_rel(PLAIN, CODED_OUTSIDE), "đường dẫn"),
    "coded-template": (with_rel(PLAIN, CODED_REMOTE), "mẫu đính kèm"),
    "coded-both": (with_rel(PLAIN, CODED_BOTH), "đường dẫn"),
    "coded-docm": (repacked(PLAIN, {TYPES: with_coded_macro_type}), "macro"),
    "no-picture": (repacked(PLAIN, add={"word/media/image1.png": b"<w:hdr/>"}), "nhúng"),
    "text-as-font": (repacked(PLAIN, {TYPES: with_text_in_a_picture}, {"word/a.odttf": b"<w:hdr/>"}), "nhúng"),
    "field-elsewhere": (repacked(PLAIN, add={"other/a.xml": FIELD_ELSEWHERE}), "trường tự động"),
    "bomb": (repacked(PLAIN, add={"word/media/a.xml": b"<a>" + b" " * 50_000_000 + b"</a>"}), "quá lớn"),
    "entities": (repacked(PLAIN, {"word/document.xml": with_entities}), "hỏng"),
    "dde": (with_field("DDEAUTO c:/windows/cmd.exe"), "trường tự động"),
    "dde-simple": (with_field("DDE x", simple=True), "trường tự động"),
    "include": (with_field("INCLUDEPICTURE http://a.example/"), "trường tự động"),
    "field-of-a-word": (with_field("{{ ho_ten }}"), "trường tự động"),
    "no-word": (b"PK\x03\x04 rubbish", "Word"),
    "text": (b"hello", "Không nhận"),
    "cut": (PLAIN[: len(PLAIN) // 2], "Không nhận"),
    "two-in-one": (repacked(PLAIN, add={"xl/workbook.xml": b"<a/>"}), "Không nhận"),
}


def test_page_number_of_word_is_a_field_that_may_stay():
    assert checked_file(TRANSFER, with_field("PAGE")).unknown == ()


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_answered_at_the_field_and_stored_nowhere(name, world, admin, media):
    content, word = HOSTILE[name]
    url = reverse("reports:word_template_kind", args=[world.own.pk, TRANSFER.key])
    before, files = WordTemplate.objects.count(), sorted(media.rglob("*"))
    answer = admin.post(url, {"file": upload(content), "form_key": ""})
    assert answer.status_code == 200
    (error,) = answer.context["form"].errors["file"]
    assert word in error
    assert error in answer.content.decode().replace("&quot;", '"').replace("&#x27;", "'")
    assert (WordTemplate.objects.count(), sorted(media.rglob("*"))) == (before, files)


def test_unknown_places_are_named_and_a_large_file_is_refused(world, admin):
    url = reverse("reports:word_template_kind", args=[world.own.pk, TRANSFER.key])
    answer = admin.post(url, {"file": upload(file_of("{{ ho_ten }} {{ ho_va_ten }} {{ luong }}"))})
    assert "“ho_va_ten”, “luong”" in answer.context["form"].errors["file"][0]
    answer = admin.post(url, {"file": upload(first_file() + b"0" * (10 * 1024 * 1024))})
    assert "Mỗi tệp tối đa 10 MB" in answer.context["form"].errors["file"][0]
    answer = admin.post(url, {"file": upload(file_of("{{ ''.__class__ }}"))})
    assert "lệnh không được dùng" in answer.context["form"].errors["file"][0]


# --- the pages --------------------------------------------------------------------------------------------


def key() -> str:
    return str(uuid.uuid4())


def test_from_upload_to_use_and_back_through_the_pages(world, admin):
    url = reverse("reports:word_template_kind", args=[world.own.pk, TRANSFER.key])
    form_key = key()
    content = file_of("Mẫu mới {{ ho_ten }}")
    answer = admin.post(url, {"file": upload(content), "form_key": form_key})
    made = WordTemplate.objects.get(unit=world.own, edition=3)  # the world has two
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("reports:word_template", args=[made.pk]))
    again = admin.post(url, {"file": upload(content), "form_key": form_key})
    assert again.headers["Location"] == answer.headers["Location"]
    assert WordTemplate.objects.filter(unit=world.own).count() == 3
    page = admin.get(answer.headers["Location"])
    assert (page.context["used"], len(page.context["unused"])) == (
        [("ho_ten", "Họ và tên")], len(TRANSFER.offered) - 1,
    )  # fmt: skip
    seen = admin.get(reverse("reports:word_template_preview", args=[made.pk]))
    assert words_of_word(seen.content) == ["Mẫu", "mới", "Trần", "Thị", "Mẫu"]
    with made.file.storage.open(made.file.name, "wb") as broken:
        broken.write(b"PK")
    told = admin.get(reverse("reports:word_template_preview", args=[made.pk]), follow=True)
    assert told.redirect_chain == [(reverse("reports:word_template", args=[made.pk]), 302)]
    assert [str(one) for one in told.context["messages"]]
    use = reverse("reports:word_template_use", args=[made.pk])
    late = admin.post(use, {"from_on": "01/09/2026", "version": made.version, "form_key": key()})
    assert "15/09/2026" in late.context["form"].errors["from_on"][0]
    assert admin.post(use, {"from_on": "15/09/2026", "version": made.version, "form_key": key()}).status_code == 302
    made.refresh_from_db()
    assert (made.state, made.valid_from, made.used_fields) == ("in_use", DAY, ["ho_ten"])
    assert (
        "Mẫu của đơn vị, lần 3"
        in admin.get(reverse("reports:word_template_list", args=[world.own.pk])).content.decode()
    )
    end = reverse("reports:word_template_end", args=[made.pk])
    assert admin.post(end, {"from_on": "16/09/2026", "version": made.version, "form_key": key()}).status_code == 302
    made.refresh_from_db()
    assert made.ended_on == NEXT


def test_a_stale_page_changes_nothing(world, admin):
    draft = world.word_draft
    use = reverse("reports:word_template_use", args=[draft.pk])
    stale = {"from_on": "15/09/2026", "version": draft.version + 5, "form_key": key()}
    assert "Có người vừa sửa mẫu này" in admin.post(use, stale).content.decode()
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_strangers_and_readers_of_the_unit_find_nothing(world, client):
    for relation in ("secretary", "superior", "far", "inspector", "party", "sibling"):
        client.force_login(world.accounts[relation])
        for name in ("word_template", "word_template_file", "word_template_preview", "word_template_use"):
            assert client.get(reverse(f"reports:{name}", args=[world.word_draft.pk])).status_code == 404, (
                relation,
                name,
            )


def test_an_unknown_paper_has_no_page(world, admin):
    assert admin.get(reverse("reports:word_template_kind", args=[world.own.pk, "khong-co"])).status_code == 404
    assert admin.get(reverse("reports:word_starter", args=[world.own.pk, "khong-co"])).status_code == 404


def test_pages_cost_the_same_with_many_templates(world, admin):
    url = reverse("reports:word_template_list", args=[world.own.pk])
    kind = reverse("reports:word_template_kind", args=[world.own.pk, TRANSFER.key])
    counts = []
    for _ in range(2):
        for page in (url, kind):
            with CaptureQueriesContext(
                connection,
            ) as seen:
                admin.get(page)
            counts.append(len(seen))
        for number in range(3):
            mark(world, world.own, f"Mẫu {number}")
    assert counts[:2] == counts[2:]
