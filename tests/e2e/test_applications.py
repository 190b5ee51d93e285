"""The applications as a person uses them: press Play, give something of one's own, look inside. Short budgets."""

import re

import pytest
from playwright.sync_api import expect

APPLICATIONS = ("sentiment", "digits", "names", "blank", "dates")
SURE = {"data": {"kind": "reviews", "collection": "rotten_tomatoes", "reviews": 400, "vocabulary": 300, "length": 20},
        "network": {"layers": [{"kind": "embedding", "dim": 8}, {"kind": "mean_over_time"}]},
        "training": {"optimizer": {"kind": "adam", "lr": 0.3}, "batch_size": 32}}
HOSTILE = ("<img src=x onerror='window.hacked = 1'><script>window.hacked = 1</script>", "🎉 👩",
           "مرحبا بالعالم שלום", "?!... ,;", "", "good " * 20_000)


def tab(lab, name: str) -> None:
    lab.stage.get_by_role("tab", name=name, exact=True).click()


def typed(lab, box: str, text: str) -> None:
    lab.stage.get_by_role("textbox", name=box, exact=True).fill(text)


@pytest.mark.parametrize("page", APPLICATIONS)
def test_an_application_is_alive_and_learns_something_that_is_measured(visitor, page):
    lab = visitor().visit(page)
    before = lab.now()
    assert (before["status"], before["step"]) == ("paused", 0)
    lab.play(steps=3)
    lab.no_traceback()
    assert lab.page.get_by_role("heading", level=1).count() == 1
    lab.pause()


@pytest.mark.parametrize("page", APPLICATIONS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_application_fits_a_phone(visitor, page, scheme):
    lab = visitor(viewport={"width": 390, "height": 844}, color_scheme=scheme).visit(page)
    main = lab.page.get_by_test_id("stMain")
    assert main.evaluate("main => main.scrollWidth <= main.clientWidth")
    lab.no_traceback()


def test_a_sentence_of_one_s_own_is_scored_while_it_learns(visitor):
    lab = visitor().visit("sentiment")
    lab.play(steps=20)
    typed(lab, "Your own text", "a wonderful film")
    expect(lab.stage.get_by_text("your own example")).to_be_visible()
    expect(lab.stage.locator(".ll-words")).to_have_text("a wonderful film")
    expect(lab.stage.get_by_role("list", name="Answer").get_by_role("listitem")).to_have_count(2)
    assert lab.now()["status"] == "playing"
    tab(lab, "Words")
    expect(lab.stage.locator("[data-view=words]")).to_contain_text("wonderful")
    tab(lab, "Mistakes")
    expect(lab.stage.locator(".ll-mistake").first).to_be_visible()


def test_sentiment_is_measured_in_full(visitor):
    lab = visitor().visit("sentiment")
    lab.play(steps=20)
    lab.pause()
    measured = {name: lab.stage.locator(f".ll-measured [data-number='{name}']").first
                for name in ("accuracy", "precision", "recall", "f1", "auc")}
    for share in measured.values():
        expect(share).to_be_visible()
        number, percent, _ = share.inner_text().partition(" %")
        assert 0 <= float(number) <= (100 if percent else 1)
    score = lab.stage.locator(".ll-bar [data-number='score']")
    lab.wait(lambda: measured["accuracy"].inner_text() == score.inner_text())         # both of the step that is shown
    tab(lab, "ROC")
    expect(lab.stage.locator("[data-view=roc] .scatterlayer .trace")).to_have_count(2)


def test_a_table_of_sentences_fills_in_while_it_learns(visitor):
    lab = visitor().visit("sentiment")
    table = lab.stage.get_by_role("table", name="Sentences")
    rows = table.locator("tbody tr")
    expect(rows).to_have_count(3)
    expect(rows.first).to_contain_text("This movie was fantastic!")
    before = rows.first.locator("b").inner_text()
    lab.play(steps=20)
    expect(rows.first.locator("b")).not_to_have_text(before)
    lab.stage.get_by_role("button", name="Add to the table").click()
    expect(lab.stage.get_by_role("textbox", name="Your own text")).to_be_focused()
    typed(lab, "Your own text", "a zorblax film")
    lab.stage.get_by_role("button", name="Add to the table").click()
    expect(rows).to_have_count(4)
    expect(rows.last).to_contain_text("1 unknown word")
    rows.first.get_by_role("button").click()
    expect(lab.stage.locator(".ll-words")).to_have_text("this movie was fantastic")
    lab.pause()
    answer = lab.stage.get_by_role("list", name="Answer").get_by_role("listitem").last.locator("b")
    lab.wait(lambda: rows.first.locator("b").inner_text() == answer.inner_text())
    lab.stage.get_by_role("button", name="Remove a zorblax film").click()
    expect(rows).to_have_count(3)


def test_how_reliable_it_is_is_drawn_and_counted(visitor):
    lab = visitor().visit("sentiment")
    lab.play(steps=20)
    lab.pause()
    tab(lab, "Reliability")
    expect(lab.stage.locator("[data-view=reliability] .scatterlayer .trace")).to_have_count(3)
    for name in ("calibration error", "of short pieces"):
        number = lab.stage.locator(f".ll-measured [data-number='{name}']")
        expect(number).to_contain_text("%")
        assert 0 <= float(number.inner_text().removesuffix(" %")) <= 100
    expect(lab.stage.locator("[data-view=reliability] .textpoint text").first).to_be_visible()


def test_a_confident_text_has_coloured_words(visitor):
    """Where the probability no longer moves, colours still tell which words the answer rests on."""
    lab = visitor().open(SURE)
    lab.play(steps=300)
    lab.pause()
    tab(lab, "Example")
    typed(lab, "Your own text", "good funny bad bad funny good")
    expect(lab.stage.get_by_text("your own example")).to_be_visible()
    tab(lab, "Words")
    words = lab.stage.locator("[data-view=words] span")
    expect(words).to_have_count(6)
    expect(lab.stage.locator(".ll-words-answer")).to_contain_text("100.0 %")
    colours = words.evaluate_all("words => words.map((word) => word.style.background)")
    strength = [float(re.search(r"([\d.]+)%", colour)[1]) for colour in colours]
    assert max(strength) == 75
    assert len(set(colours)) == 3, "the same word has the same colour"


def test_any_text_is_text(visitor):
    lab = visitor().visit("sentiment")
    for text in HOSTILE:
        typed(lab, "Your own text", text)
        expect(lab.stage.get_by_text("your own example")).to_be_visible()
        frames = lab.now()["frames"]
        lab.press("Step")
        lab.until(f"Number(stage.dataset.frames) > {frames}")
        expect(lab.stage.get_by_role("list", name="Answer").get_by_role("listitem")).to_have_count(2)
        if not any(letter.isalpha() for letter in text):
            expect(lab.stage.get_by_text("There is no word in it")).to_be_visible()
    assert lab.page.evaluate("window.hacked === undefined")
    assert lab.stage.locator("img, script").count() == 0


def test_a_digit_that_is_drawn_is_answered_and_its_pixels_are_weighed(visitor):
    lab = visitor().visit("digits")
    field = lab.stage.locator("[data-view=drawing]")
    field.scroll_into_view_if_needed()
    before = lab.stage.locator("[data-view=saliency]").evaluate("canvas => canvas.toDataURL()")
    box = field.bounding_box()
    lab.page.mouse.move(box["x"] + 80, box["y"] + 30)
    lab.page.mouse.down()
    lab.page.mouse.move(box["x"] + 84, box["y"] + 130, steps=8)
    lab.page.mouse.up()
    expect(lab.stage.get_by_text("your own example")).to_be_visible()
    expect(lab.stage.get_by_role("list", name="Answer").get_by_role("listitem")).to_have_count(10)
    lab.wait(lambda: lab.stage.locator("[data-view=saliency]").evaluate("canvas => canvas.toDataURL()") != before)


def test_names_are_invented_from_a_beginning(visitor):
    lab = visitor().visit("names")
    names = lab.stage.get_by_role("list", name="Invented").get_by_role("listitem")
    expect(names).to_have_count(20)
    typed(lab, "Beginning", "ma")
    lab.wait(lambda: all(text.startswith("ma") for text in names.all_inner_texts()))
    lab.play(steps=3)
    expect(names).to_have_count(20)


def test_a_blank_has_candidates_and_a_sentence_without_one_is_told_so(visitor):
    lab = visitor().visit("blank")
    candidates = lab.stage.locator(".ll-blanks .ll-share")
    expect(candidates).to_have_count(12)
    typed(lab, "Your own sentence", "a ___ film")
    expect(candidates).to_have_count(6)
    expect(lab.stage.locator("[data-view=looking]")).to_be_visible()
    typed(lab, "Your own sentence", "a film")
    expect(lab.stage.get_by_text("Write ___ where a word is missing.")).to_be_visible()


def test_a_date_of_one_s_own_is_translated(visitor):
    lab = visitor().visit("dates")
    lab.play(steps=3)
    typed(lab, "Your own text", "3 March 2019")
    expect(lab.stage.locator(".ll-translated")).to_contain_text("3 march 2019", ignore_case=True)
    expect(lab.stage.locator(".ll-translated")).to_contain_text("Beam 1")
    expect(lab.stage.locator("[data-view=looking]")).to_be_visible()


def test_another_network_learns_the_same_and_opens_in_the_playground(visitor):
    lab = visitor().visit("digits")
    lab.page.get_by_test_id("stButtonGroup").get_by_role("radio", name="Dense layers").click()
    lab.wait(lambda: lab.cards() == ["Layer 1: Flatten", "Layer 2: Dense"])
    lab.settled()
    lab.press("Open in the playground")
    lab.page.wait_for_url(lambda url: "digits" not in url)
    lab.ready()
    spec = lab.until_spec(lambda spec: spec["data"]["kind"] == "mnist")
    assert [layer["kind"] for layer in spec["network"]["layers"]] == ["flatten", "dense"]
