"""Twins with one birth date and one phone: only the right result opens."""

import re
from datetime import datetime, timedelta
from typing import Any

from clinic.story.cases.case import Account, Line
from clinic.story.cases.rule_out import Person, book, let_go, scan, take_in
from clinic.story.cast import Cast
from clinic.story.narrator import local
from clinic.story.voices import Browser, eventually, expect

PHONE, BORN = "+13015550171", "2001-06-30"
LENA = Person(given_name="Lena", family_name="Weiss", phone=PHONE, born=BORN)
CLARA = Person(given_name="Clara", family_name="Weiss", phone=PHONE, born=BORN)
_CODE = re.compile(r"your code is (\d{6})")


def tell(cast: Cast) -> list[Line]:
    """Run the case. Raises `StoryFailed` at the first step that is not as it must be."""
    told = Account(cast)
    lena, clara = take_in(cast, LENA), take_in(cast, CLARA)
    expect(lena["patient"] != clara["patient"], "two people with one birth date and one phone are two patients")
    _look_alike(told, lena["patient"], clara["patient"])
    first = book(cast, lena)
    second = book(cast, clara, after=datetime.fromisoformat(first["ends_at"]) + timedelta(minutes=20))
    told.say("Both are booked", lena=local(first["starts_at"]), clara=local(second["starts_at"]))
    results = {person.given_name: _result(told, visit, person) for visit, person in ((first, LENA), (second, CLARA))}
    _open_links(told)
    _on_the_phone(told, lena["patient"], results["Lena"])
    return told.lines


def _look_alike(told: Account, lena: int, clara: int) -> None:
    representative = told.cast.staff("representative")
    [alike] = representative.ask(f"patients/{clara}/duplicates/")["results"]
    expect((alike["id"], alike["reasons"]) == (lena, ["birth_date_and_phone"]), "the two records warn of each other")
    told.say("Their mother calls for both; the records look alike, and nothing is merged", why=alike["reasons"][0])
    representative.tell(f"patients/{clara}/distinct/", {"other": lena})
    expect(not representative.ask(f"patients/{lena}/duplicates/")["results"], "told apart, they warn no more")
    told.say("The representative keeps that they are two people")


def _result(told: Account, visit: dict[str, Any], person: Person) -> int:
    cast = told.cast
    report = scan(cast, visit)
    cast.wait_until(cast.now() + timedelta(minutes=8))
    signed = {"category": "no_dvt_complete", "side": "left"}
    cast.staff("physician").tell(f"reports/{report}/finalize/", {**signed})
    cast.staff("clinician").tell(f"results/{report}/send/")
    let_go(cast, report, person)
    told.say(f"{person.given_name} is scanned, the report is signed, and the text leaves for the phone of both")
    return report


def _link_of(told: Account, person: Person) -> str:
    phone = told.cast.phone(PHONE)
    said = re.compile(rf"{person.given_name}, your result is ready\. Open (https?://\S+/l/[\w-]+)")

    def link() -> str | None:
        return next((found[1] for text in phone.texts() if (found := said.search(text["body"]))), None)

    return eventually(link, f"the text for {person.given_name}")


def _open_links(told: Account) -> None:
    for person, other in ((LENA, CLARA), (CLARA, LENA)):
        browser = told.cast.visitor()
        page = browser.get(_link_of(told, person))
        expect('name="given_name"' in page, "the birth date alone does not open it")
        page = browser.try_in_vain(birth_date=BORN, given_name=other.given_name)
        expect("code" not in page.lower(), f"{other.given_name}'s name does not open {person.given_name}'s link")
        browser.submit(birth_date=BORN, given_name=person.given_name)
        page = _with_code(told, browser)
        expect(person.name in page and other.given_name not in page, f"only {person.given_name}'s result opens")
        told.say(
            f"{person.given_name}'s link opens with {person.given_name}'s name, not with {other.given_name}'s",
            refused=f"birth date and {other.given_name}",
        )


def _with_code(told: Account, browser: Browser) -> str:
    phone = told.cast.phone(PHONE)

    def codes() -> list[str]:
        return [found[1] for text in phone.texts() if (found := _CODE.search(text["body"]))]

    before = len(codes())
    browser.submit(action="send_code")
    code = eventually(lambda: got[before] if len(got := codes()) > before else None, "the code")
    return browser.submit(action="check_code", code=code)


def _on_the_phone(told: Account, lena: int, report: int) -> None:
    clinician = told.cast.staff("clinician")
    said: dict[str, object] = {"birth_date": BORN, "phone": "301-555-0171"}
    problem = clinician.tell_in_vain(f"patients/{lena}/identity-checks/", {"identifiers": said})
    expect(problem["code"] == "identity_ambiguous", "birth date and phone are true of both")
    told.say("Somebody calls for Lena's result with birth date and phone", refused=problem["detail"])
    known = clinician.tell(f"patients/{lena}/identity-checks/", {"identifiers": {**said, "name": LENA.name}})
    expect(known["passed"], "with the full name it is Lena")
    call: dict[str, object] = {"audience": "patient", "outcome": "reached", "told_to": LENA.name, "read_back": True}
    clinician.tell(f"results/{report}/calls/", call)
    log = clinician.ask(f"patients/{lena}/disclosures/")["results"]
    expect({line["report"] for line in log} == {report}, "Lena's log tells of her own result only")
    told.say("With her full name she is Lena, and hears her own", log="; ".join(line["way"] for line in log))
