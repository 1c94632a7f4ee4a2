"""Every route of the application, walked as every role, as a rival and as nobody. New routes are walked without being named.

What is true of a route: it names its permission (or that it is public), nobody who is not signed in gets further than the
sign-in page, a role without the permission gets 403 or 404, an object of others is a 404, and nothing ever fails with 500.
"""

from __future__ import annotations

from werkzeug.test import TestResponse

from portal.access import PERMISSIONS
from portal.models import User, db
from tests.browser.validate import validate
from tests.walking import METHODS, Walk, guarded, methods_of, samples_of

ENGLISH = {"Accept-Language": "en"}


def test_every_route_names_its_permission_or_that_it_is_public(walk: Walk) -> None:
    unnamed = [rule.rule for rule in walk.rules if walk.permission(rule) == "none named"]
    assert not unnamed, f"put @requires(Permission.…) or @public under the route of: {unnamed}"


def test_every_argument_has_a_sample(walk: Walk) -> None:
    for rule in walk.rules:
        for name in sorted(rule.arguments):
            assert samples_of(rule).get(name), (
                f"The route {rule.rule} has an argument {name!r} that the walk does not know: "
                f"add a sample for it to SAMPLES in tests/house/sample_arguments.py."
            )


def test_every_role_is_walked(walk: Walk) -> None:
    assert {role for roles in walk.roles.values() for role in roles} == set(PERMISSIONS)


def test_nobody_gets_further_than_the_sign_in_page(walk: Walk) -> None:
    for rule in guarded(walk):
        for method in methods_of(rule):
            answer = walk.ask(None, rule, method)
            assert answer.status_code == 303, f"{method} {rule.rule}: {answer.status_code} for nobody"
            assert answer.location.startswith("/sign-in"), f"{method} {rule.rule}: nobody is sent to {answer.location}"


def test_public_pages_open(walk: Walk) -> None:
    for rule in walk.rules:
        if walk.permission(rule) is None:
            for method in methods_of(rule):
                assert walk.ask(None, rule, method).status_code < 500, f"{method} {rule.rule}"


def test_a_role_without_the_permission_is_refused(walk: Walk) -> None:
    for rule in guarded(walk):
        for who in walk.others(walk.permission(rule)):
            for method in methods_of(rule):
                answer = walk.ask(who, rule, method, **{"HX-Request": "true"})
                assert answer.status_code in {403, 404}, f"{method} {rule.rule}: {answer.status_code} for {who}"


def test_an_object_of_others_does_not_exist(walk: Walk) -> None:
    tried = 0
    for rule in guarded(walk):
        strangers = {who for sample in samples_of(rule).values() if sample for who in sample.strangers}
        for who in sorted(strangers & set(walk.holders(walk.permission(rule)))):
            for method in methods_of(rule):
                tried += 1
                answer = walk.ask(who, rule, method)
                assert answer.status_code == 404, f"{method} {rule.rule}: {answer.status_code} for {who}"
    assert tried >= 10, "the walk has lost its strangers"


def test_who_may_gets_an_answer_and_never_a_failure(walk: Walk) -> None:
    """All is opened in English; the page that the first of those who may reads is valid HTML, as are the public ones."""
    _in_english(walk)
    failed, pages = [], _public_pages(walk)
    # What is sent changes the world, so everything is opened before anything is sent.
    for method in METHODS:
        for rule in guarded(walk):
            for who in walk.owners(walk.permission(rule)) if method in methods_of(rule) else ():
                answer = walk.ask(who, rule, method, **ENGLISH)
                if answer.status_code >= 500 or (method == "GET" and "/sign-in" in (answer.location or "")):
                    failed.append(f"{method} {rule.rule}: {answer.status_code} for {who}")
                if method == "POST":
                    walk.forget()
                elif rule.rule not in pages and (text := _whole_page(answer)):
                    pages[rule.rule] = text
    assert not failed, failed
    assert len(pages) > 150, "the walk has lost its pages"
    assert validate(pages) == []


def _in_english(walk: Walk) -> None:
    with walk.app.app_context():
        db.session.execute(db.update(User).values(locale="en"))
        db.session.commit()


def _public_pages(walk: Walk) -> dict[str, str]:
    rules = [rule for rule in walk.rules if walk.permission(rule) is None and "GET" in methods_of(rule)]
    pages = {rule.rule: _whole_page(walk.ask(None, rule, "GET", **ENGLISH)) for rule in rules}
    return {name: text for name, text in pages.items() if text}


def _whole_page(answer: TestResponse) -> str:
    """The HTML; nothing where it is a download or a piece of a page."""
    text = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
    return text if "<!doctype" in text[:20].lower() else ""
