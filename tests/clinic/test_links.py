"""A link is weak proof: single purpose, expiring, and locked after five wrong answers."""

from datetime import date, timedelta

import pytest

from clinic import clock
from clinic.errors import Gone, Invalid, NotFound
from clinic.models import Event, Link, LinkPurpose
from clinic.services import links
from tests.kernel import make_patient

pytestmark = pytest.mark.django_db
BORN = date(1964, 5, 17)


def _link(days: int = 7) -> Link:
    return links.issue(
        purpose=LinkPurpose.RESULT,
        subject_id=1,
        patient=make_patient(birth_date=BORN),
        expires_at=clock.now() + timedelta(days=days),
    )


def test_a_token_opens_its_link_and_is_stored_only_hashed() -> None:
    link = _link()
    token = links.token(link)
    assert links.find(token) == link
    assert token not in str(Link.objects.filter(pk=link.pk).values())
    assert links.url(link).endswith(f"/l/{token}")


def test_links_of_two_purposes_have_two_tokens() -> None:
    link = _link()
    other = links.issue(
        purpose=LinkPurpose.VISIT, subject_id=1, patient=link.patient, expires_at=clock.now() + timedelta(days=1)
    )
    assert links.token(link) != links.token(other)


def test_an_unknown_and_an_expired_link_open_nothing() -> None:
    with pytest.raises(NotFound):
        links.find("AAAAAAAAAAAAAAAAAAAAAA")
    token = links.token(_link())
    clock.advance(timedelta(days=8))
    with pytest.raises(Gone):
        links.find(token)


def test_five_wrong_birth_dates_lock_the_link_also_for_the_right_one() -> None:
    link = _link()
    for left in (4, 3, 2, 1):
        with pytest.raises(Invalid, match="not right") as refused:
            links.prove_birth_date(link=link, birth_date=date(1964, 5, 18))
        assert f"{left} tries left" in refused.value.fields["birth_date"]
    with pytest.raises(Gone):
        links.prove_birth_date(link=link, birth_date=date(1964, 5, 18))
    with pytest.raises(Gone):
        links.find(links.token(link))
    assert Event.objects.filter(kind="link.locked").count() == 1


def test_the_right_birth_date_proves_the_link() -> None:
    assert links.prove_birth_date(link=_link(), birth_date=BORN).proved_at is not None


def test_a_one_time_code_works_once_and_for_ten_minutes() -> None:
    link = _link()
    code = links.new_code(link=link)
    assert len(code) == 6
    assert links.current_code(link) == code
    with pytest.raises(Invalid):
        links.prove_code(link=link, code="000000" if code != "000000" else "000001")
    link.refresh_from_db()
    links.prove_code(link=link, code=code)
    link.refresh_from_db()
    with pytest.raises(Gone):
        links.prove_code(link=link, code=code)
    second = links.new_code(link=link)
    clock.advance(timedelta(minutes=11))
    link.refresh_from_db()
    with pytest.raises(Gone):
        links.prove_code(link=link, code=second)


def _refusals() -> list[str]:
    return [event.codes["reason"] for event in Event.objects.filter(kind="link.refused").order_by("id")]


def test_each_refused_answer_is_an_event_with_its_reason_and_nothing_of_the_answer() -> None:
    link = _link()
    code = links.new_code(link=link)
    for _ in range(4):
        with pytest.raises(Invalid):
            links.prove_birth_date(link=link, birth_date=date(1964, 5, 18))
    with pytest.raises(Gone):
        links.prove_code(link=link, code="000000" if code != "000000" else "000001")
    with pytest.raises(Gone):
        links.find(links.token(link))
    assert _refusals() == ["birth_date"] * 4 + ["code", "link_locked"]
    assert "1964" not in str(list(Event.objects.filter(kind="link.refused").values()))


def test_a_link_used_after_its_expiry_is_an_event() -> None:
    token = links.token(_link())
    clock.advance(timedelta(days=8))
    with pytest.raises(Gone):
        links.find(token)
    assert _refusals() == ["link_expired"]


def _twins() -> tuple[Link, Link]:
    """Links to the results of twins with one birth date and one phone."""
    found = []
    for number, name in enumerate(("Lena", "Clara"), start=1):
        twin = make_patient(given_name=name, family_name="Weiss", birth_date=BORN, phone="+13015550171")
        expires_at = clock.now() + timedelta(days=7)
        found.append(links.issue(purpose=LinkPurpose.RESULT, subject_id=number, patient=twin, expires_at=expires_at))
    return found[0], found[1]


def test_a_twins_link_opens_with_their_own_given_name_only() -> None:
    lena, clara = _twins()
    assert links.needs_given_name(lena)
    for name in ("", "Clara", "clara weiss", "Weiss"):
        with pytest.raises(Invalid) as refused:
            links.prove_birth_date(link=lena, birth_date=BORN, given_name=name)
        assert list(refused.value.fields) == ["given_name"]
    assert links.prove_birth_date(link=lena, birth_date=BORN, given_name="LENA").proved_at is not None
    assert links.prove_birth_date(link=clara, birth_date=BORN, given_name="Clara Weiss").proved_at is not None


def test_a_slip_in_a_twins_name_is_forgiven_and_the_fifth_wrong_name_locks() -> None:
    lena, clara = _twins()
    assert links.prove_birth_date(link=lena, birth_date=BORN, given_name="Lenna").proved_at is not None
    for _ in range(4):
        with pytest.raises(Invalid):
            links.prove_birth_date(link=clara, birth_date=BORN, given_name="Lena")
    with pytest.raises(Gone):
        links.prove_birth_date(link=clara, birth_date=BORN, given_name="Lena")


def test_who_shares_the_phone_only_or_the_birth_date_only_is_asked_for_no_name() -> None:
    link = _link()
    make_patient(given_name="Son", birth_date=date(1990, 1, 1), phone=link.patient.phone)
    make_patient(given_name="Other", birth_date=BORN)
    assert not links.needs_given_name(link)
    assert links.prove_birth_date(link=link, birth_date=BORN).proved_at is not None


def test_a_right_answer_that_was_tried_beside_the_wrong_ones_opens_nothing_once_they_locked_it() -> None:
    link = _link()
    # As a browser that asked for the link before the others locked it.
    Link.objects.filter(pk=link.pk).update(locked_at=clock.now())
    with pytest.raises(Gone) as refused:
        links.prove_birth_date(link=link, birth_date=BORN)
    assert refused.value.code == "link_locked"
    assert not Event.objects.filter(kind="link.opened").exists()


def test_a_right_code_that_was_tried_beside_the_wrong_ones_opens_nothing_once_they_locked_it() -> None:
    link = _link()
    code = links.new_code(link=link)
    Link.objects.filter(pk=link.pk).update(locked_at=clock.now())
    with pytest.raises(Gone) as refused:
        links.prove_code(link=link, code=code)
    assert refused.value.code == "link_locked"


def test_a_code_that_is_used_twice_at_the_same_time_opens_once() -> None:
    link = _link()
    code = links.new_code(link=link)
    beside = Link.objects.get(pk=link.pk)
    links.prove_code(link=link, code=code)
    with pytest.raises(Gone) as refused:
        links.prove_code(link=beside, code=code)
    assert refused.value.code == "code_expired"
