"""A patient opens a result on the phone: the link of its text, the birth date, the one-time code."""

import re

from clinic.story.voices import Browser, Phone, eventually, expect

_RESULT = re.compile(r"result is ready\. Open (https?://\S+/l/[\w-]+)")
_CODE = re.compile(r"your code is (\d{6})")


def open_result(browser: Browser, phone: Phone, *, born: str, nth: int) -> str:
    """Open the patient's so manieth result that was sent, counted from 1, and return its page."""
    browser.get(_found(phone, _RESULT, nth))
    browser.submit(birth_date=born)
    codes = len(_all(phone, _CODE))
    browser.submit(action="send_code")
    page = browser.submit(action="check_code", code=_found(phone, _CODE, codes + 1))
    expect("result" in page.lower(), "the result opens")
    return page


def _found(phone: Phone, said: re.Pattern[str], nth: int) -> str:
    return eventually(
        lambda: found[nth - 1] if len(found := _all(phone, said)) >= nth else None, f"a text on {phone.number}"
    )


def _all(phone: Phone, said: re.Pattern[str]) -> list[str]:
    return [found[1] for text in phone.texts() if (found := said.search(text["body"]))]
