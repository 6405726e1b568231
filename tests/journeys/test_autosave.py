"""Answers survive what browsers do: lost lines, crashes, a second device, signing in again."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Route

from services.assessment.responding import asked, counted_answers
from tests.cli.site import until
from tests.journeys.conftest import cookie_of
from tests.journeys.site import Site
from tests.journeys.visitor import Visitor

Visit = Callable[..., Visitor]
SECONDS = 15
COLD_BYTES, COLD_REQUESTS = 60 * 1024, 5


def begin(visitor: Visitor) -> int:
    """From the list of assessments into the placement."""
    visitor.go("/assess/", "assess")
    visitor.press("Start the placement")
    visitor.page.wait_for_url(re.compile(r"/assess/attempts/\d+$"))
    visitor.look("question")
    return int(visitor.page.url.rsplit("/", 1)[-1])


def shown(visitor: Visitor) -> Locator:
    return visitor.page.locator("section[data-position]:not([hidden])")


def to_question(visitor: Visitor, position: int) -> None:
    """By the map, without the network."""
    visitor.page.locator(f"[data-map='{position}']").click()
    visitor.page.locator(f"#q-{position}").wait_for()


def choices(visitor: Visitor) -> list[int]:
    """Positions of questions with one right answer."""
    found: list[int] = visitor.page.locator("section[data-kind=single]").evaluate_all(
        "all => all.map(one => Number(one.dataset.position))"
    )
    return found


def choose(visitor: Visitor, position: int, n: int) -> str:
    to_question(visitor, position)
    radio = shown(visitor).locator("input[type=radio]").nth(n)
    radio.check()
    return str(radio.input_value())


def waiting(visitor: Visitor, n: int) -> None:
    visitor.page.wait_for_function(
        "n => document.querySelector('[data-state=off]:not([hidden]) [data-count]')"
        "?.textContent === String(n)",
        arg=n,
    )


def arrives(site: Site, attempt_id: int, expected: dict[int, str]) -> None:
    """Wait until exactly these choices count."""

    def counting() -> dict[int, str]:
        found = site.read(lambda session: counted_answers(session, attempt_id))
        return {position: a.response.get("choice", "") for position, a in found.items()}

    until(lambda: counting() == expected, SECONDS)
    assert counting() == expected


def test_a_lost_line_and_a_crash_lose_nothing(site: Site, visit: Visit) -> None:
    lin = visit(site.member("Lin Yue", "learner"))
    attempt_id = begin(lin)
    one, two = choices(lin)[:2]
    lin.context.set_offline(True)
    given = {one: choose(lin, one, 1), two: choose(lin, two, 2)}
    waiting(lin, 2)
    lin.look("question-offline")
    lin.page.locator("aside a[data-review]").click()
    lin.page.locator("[data-notice=waiting]").wait_for()
    arrives(site, attempt_id, {})

    lin.page.close()  # a crash: nothing is said goodbye to
    lin.context.set_offline(False)
    lin.page = lin.context.new_page()
    lin.go(f"/assess/attempts/{attempt_id}?q={one}")
    arrives(site, attempt_id, given)
    checked = shown(lin).locator("input:checked")
    assert checked.input_value() == given[one]


def test_an_answer_given_before_the_script_came_is_saved(site: Site, visit: Visit) -> None:
    lin = visit(site.member("Lin Yue", "learner"))
    attempt_id = begin(lin)
    position = choices(lin)[0]
    late: list[Route] = []
    lin.page.route(re.compile(r"/attempt[^/]*\.js"), lambda route: late.append(route))
    lin.page.goto(f"/assess/attempts/{attempt_id}?q={position}", wait_until="commit")
    radio = shown(lin).locator("input[type=radio]").nth(1)
    radio.check()
    given = str(radio.input_value())
    late[0].continue_()
    arrives(site, attempt_id, {position: given})


def test_an_older_device_stops_and_its_answer_does_not_count(site: Site, visit: Visit) -> None:
    person = site.member("Lin Yue", "learner")
    phone, desk = visit(person), visit(person)
    attempt_id = begin(phone)
    position = choices(phone)[0]
    kept = choose(phone, position, 0)
    arrives(site, attempt_id, {position: kept})
    desk.go(f"/assess/attempts/{attempt_id}", "door")
    desk.press("Continue")
    choose(phone, position, 1)
    phone.page.locator("[data-notice=stale]").wait_for()
    phone.look("question-stale")
    assert shown(phone).locator("fieldset").evaluate("one => one.disabled")
    arrives(site, attempt_id, {position: kept})


def test_signing_in_again_sends_what_waited(site: Site, visit: Visit) -> None:
    person = site.member("Lin Yue", "learner")
    lin = visit(person)
    attempt_id = begin(lin)
    position = choices(lin)[0]
    lin.context.clear_cookies()
    given = choose(lin, position, 2)
    lin.page.locator("[data-notice=signedout]").wait_for()
    lin.look("question-signed-out")
    arrives(site, attempt_id, {})
    lin.context.add_cookies([cookie_of(site, person)])  # type: ignore[list-item]
    lin.page.goto(f"/assess/attempts/{attempt_id}")
    lin.press("Continue")
    arrives(site, attempt_id, {position: given})


def test_without_script_from_start_to_result(site: Site, visit: Visit) -> None:
    lin = visit(site.member("Lin Yue", "learner"), script=False)
    attempt_id = begin(lin)
    kinds = site.read(lambda session: [q.item.kind for q in asked(session, attempt_id)])
    position = kinds.index("single") + 1
    lin.page.goto(f"/assess/attempts/{attempt_id}?q={position}")
    radio = shown(lin).locator("input[type=radio]").first
    given = radio.input_value()
    radio.check()
    lin.press("Next")
    arrives(site, attempt_id, {position: given})
    assert f"q={position + 1}" in lin.page.url
    lin.go(f"/assess/attempts/{attempt_id}/review", "review")
    lin.press("Hand in")
    lin.page.wait_for_url(re.compile("/result$"))


def test_the_first_visit_is_light(site: Site, visit: Visit) -> None:
    person = site.member("Lin Yue", "learner")
    lin = visit(person)
    attempt_id = begin(lin)
    cookies = lin.context.cookies()
    cold = visit()
    cold.context.add_cookies(cookies)  # type: ignore[arg-type]
    sizes: list[int] = []

    def measure(request: Any) -> None:
        found = request.sizes()
        sizes.append(found["responseBodySize"] + found["responseHeadersSize"])

    cold.page.on("requestfinished", measure)
    cold.page.goto(f"/assess/attempts/{attempt_id}", wait_until="networkidle")
    assert len(sizes) <= COLD_REQUESTS
    assert sum(sizes) <= COLD_BYTES
