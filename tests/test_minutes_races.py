"""Two at once on one paper: two savers of one text, two first savers, two signers. With negative controls."""

import threading

import pytest
from django.db import connection

from branches.meetings import minutes as typing
from branches.meetings.minutes import MinutesRefused, keep_revision
from branches.meetings.signing import sign
from branches.models import EditConflict, Minutes, MinutesRevision, MinutesSignature
from tests.minuting import NOW, agreed, scene, write

pytestmark = pytest.mark.django_db(transaction=True)


def together(*acts) -> list:
    """What each of the acts answered, all begun in the same moment."""
    gate, answers = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        gate.wait()
        try:
            answers[place] = act()
        except (MinutesRefused, EditConflict) as error:
            answers[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_two_savers_of_one_text_one_wins_and_the_other_is_shown_both():
    s = scene(members=7)
    write(s, {"wishes": "Chung"})
    answers = together(
        lambda: write(s, {"wishes": "Của Hoài"}, base=1),
        lambda: write(s, {"wishes": "Của Toàn"}, base=1, by=s.other),
    )
    clashes = [clash for saved in answers for clash in saved.clashes]
    assert len(clashes) == 1
    stands = s.minutes().texts["wishes"]
    assert {clashes[0].mine, clashes[0].theirs} == {"Của Hoài", "Của Toàn"}
    assert clashes[0].theirs == stands
    assert list(MinutesRevision.objects.order_by("number").values_list("number", flat=True)) == [1, 2]


def test_negative_control_without_the_lock_and_the_base_a_text_is_lost():
    """Both read, both write what they read plus their own: without the check the first one's words are gone."""
    s = scene(members=7)
    write(s, {"wishes": "Chung"})
    first, second = (Minutes.objects.get() for _ in range(2))
    keep_revision(first, {"wishes": "Của Hoài"}, by=s.by, now=NOW)
    # The version stops it even where the lock did not stand in between.
    with pytest.raises(EditConflict):
        keep_revision(second, {"wishes": "Của Toàn"}, by=s.other, now=NOW)
    Minutes.objects.filter(pk=second.pk).update(texts={"wishes": "Của Toàn"})  # what a bare save would do
    assert s.minutes().texts == {"wishes": "Của Toàn"}


def test_two_first_savers_make_one_paper():
    s = scene(members=7)
    answers = together(lambda: write(s, {"wishes": "Của Hoài"}), lambda: write(s, {"other": "Của Toàn"}, by=s.other))
    assert [saved.clashes for saved in answers] == [(), ()]
    assert Minutes.objects.get().texts == {"wishes": "Của Hoài", "other": "Của Toàn"}


def test_two_signers_at_once_lock_once():
    s = scene(members=20)
    agreed(s)
    seen = s.seen()
    together(
        lambda: sign(meeting=s.meeting, role="chair", seen=seen, by=s.by, now=NOW),
        lambda: sign(meeting=s.meeting, role="secretary", seen=seen, by=s.other, now=NOW),
    )
    minutes = s.minutes()
    assert (minutes.state, MinutesSignature.objects.count()) == ("locked", 2)
    assert minutes.sha256 == seen


def test_signer_and_writer_at_once_never_sign_what_was_not_read():
    s = scene(members=20)
    agreed(s)
    seen, revision = s.seen(), s.minutes().revision
    answers = together(
        lambda: sign(meeting=s.meeting, role="chair", seen=seen, by=s.by, now=NOW),
        lambda: write(s, {"wishes": "Chen vào"}, base=revision, by=s.other),
    )
    assert isinstance(answers[1], MinutesRefused)
    assert "mở lại" in str(answers[1])
    assert "Chen vào" not in str(s.minutes().texts)
    assert typing.latest_edition(s.meeting).state == "signing"
