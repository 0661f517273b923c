"""The built site in a browser: no request leaves it, the switches keep their place."""

import zipfile

import pytest
from browsing import Watched, addresses, search, serving
from checkout import fences
from pages import page_with, stream

from tfnotes.site.build.site import build

pytestmark = pytest.mark.browser

PAGE = "tensors/operations/"


def test_no_request_leaves_the_site_and_no_page_is_wider_than_a_phone(watched, site, address):
    one = watched(viewport={"width": 390, "height": 844}, device_scale_factor=2)
    wide = []
    for name in addresses(site):
        one.page.goto(address + name)
        one.page.wait_for_timeout(100)  # what scripts ask for once they run
        width = one.page.evaluate("document.documentElement.scrollWidth")
        if width > 390:
            wide.append(f"{name}: {width}")
    assert not wide
    assert not one.abroad
    assert not one.errors
    assert one.requests > 100


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_part_has_a_tab_that_can_be_seen_on_a_narrow_desktop(watched, address, language):
    """The row of tabs has no scroll bar: a part past its end would not be found."""
    one = watched(viewport={"width": 1240, "height": 800})
    one.page.goto(f"{address}{language}/")
    tabs = one.page.locator(".md-tabs__link")
    ends = [tab.bounding_box() for tab in tabs.all()]
    assert len(ends) == 16
    assert all(box and box["x"] + box["width"] <= 1240 for box in ends)


@pytest.mark.parametrize(("here", "there"), [("zh", "en"), ("en", "zh")])
def test_the_language_switch_keeps_page_and_heading(watched, address, here, there):
    one = watched()
    page = one.page
    page.goto(f"{address}{here}/{PAGE}")
    heading = page.locator(".md-content h2[id]").nth(2)
    name = heading.get_attribute("id")
    heading.evaluate("h => scrollTo(0, h.getBoundingClientRect().top + scrollY - 120)")
    page.locator("a.tf-language").click()
    page.wait_for_url(f"{address}{there}/{PAGE}#{name}")
    assert page.evaluate("document.documentElement.lang") == there
    assert page.locator(f"[id='{name}']").evaluate("h => h.getBoundingClientRect().top") < 400
    assert not one.errors


def test_the_language_switch_works_without_a_script(watched, address):
    one = watched(java_script_enabled=False)
    one.page.goto(f"{address}zh/{PAGE}")
    one.page.locator("a.tf-language").click()
    assert one.page.url == f"{address}en/{PAGE}"
    one.page.goto(address)
    one.page.get_by_role("link", name="English").click()
    assert one.page.url == f"{address}en/"


@pytest.mark.parametrize(("locale", "language"), [("zh-CN", "zh"), ("en-GB", "en"), ("fr", "en")])
def test_the_root_picks_the_readers_language_and_remembers_the_choice(
    watched, address, locale, language
):
    one = watched(locale=locale)
    one.page.goto(address)
    one.page.wait_for_url(f"{address}{language}/")
    one.page.locator("a.tf-language").click()
    other = "en" if language == "zh" else "zh"
    one.page.wait_for_url(f"{address}{other}/")
    one.page.goto(address)
    one.page.wait_for_url(f"{address}{other}/")


def scheme(page):
    return page.evaluate("document.body.dataset.mdColorScheme")


@pytest.mark.parametrize(("preferred", "before"), [("light", "default"), ("dark", "slate")])
def test_palettes_follow_the_system_and_the_reader(watched, address, preferred, before):
    one = watched(color_scheme=preferred)
    one.page.goto(f"{address}zh/{PAGE}")
    assert scheme(one.page) == before
    one.page.locator("[data-md-component=palette] label:not([hidden])").click()
    after = scheme(one.page)
    assert after != before
    one.page.goto(f"{address}en/start/install/")
    assert scheme(one.page) == after, "the choice holds in the other language too"


@pytest.mark.parametrize("below", ["", "notes/", "a/b/notes/"])
def test_a_missing_page_leads_on_wherever_the_site_lies(browser, site, tmp_path, below):
    """Header, search and parts work at any depth, on a host and below a path of it, in both languages."""
    if below:
        (tmp_path / below).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / below.rstrip("/")).symlink_to(site)
        (tmp_path / "404.html").symlink_to(site / "404.html")
    with serving(tmp_path if below else site) as address:
        one = Watched(browser, address)
        for language, part in (("zh", "张量"), ("en", "Tensors")):
            home = f"{address}{below}{language}/"
            one.page.goto(f"{home}keras/no-such-page/deep/er.html")
            links = one.page.locator("nav:visible a").evaluate_all("all => all.map(a => a.href)")
            assert len(links) > 10
            assert all(link.startswith(home) for link in links)
            assert all((site / link.removeprefix(address + below) / "index.html").is_file() for link in links)
            other = one.page.locator("header:visible a[hreflang]")
            assert other.evaluate("a => a.href") == home.replace(
                f"{language}/", "en/" if language == "zh" else "zh/"
            )
            one.page.get_by_role("searchbox").fill("GradientTape")
            one.page.keyboard.press("Enter")
            result = one.page.locator("#tf-results a").first
            result.wait_for(timeout=15000)
            assert result.evaluate("a => a.href").startswith(f"{home}autodiff/gradient-tape/")
            one.page.goto(f"{home}no/such/")
            one.page.get_by_role("link", name=part, exact=True).click()
            assert one.page.locator("h1").inner_text().startswith(part)
        one.page.goto(f"{address}{below}zh/keras/early-stopping/")
        assert one.page.get_by_role("searchbox").input_value() == "early stopping"
        one.context.close()


def test_missing_pages_are_missing_in_the_right_language(watched, address):
    one = watched()
    for path, language, text in [
        ("zh/no/such/page/", "zh", "没有这一页"),
        ("en/no/such/page/", "en", "There is no such page"),
    ]:
        assert one.page.goto(address + path).status == 404
        assert one.page.locator("h1:visible").inner_text() == text
        assert (
            one.page.locator("a:visible").first.evaluate("a => a.href") == f"{address}{language}/"
        )


def test_long_outputs_unfold(browser, sample):
    page_with(sample, fences("print(1)"), stream("a line\n" * 60))
    target = build(sample).path
    with serving(target) as address:
        page = Watched(browser, address).page
        page.goto(f"{address}en/a/b/")
        button, output = page.locator(".tf-unfold"), page.locator(".tf-long pre code")
        assert button.inner_text() == "Show all 60 lines"
        folded = output.bounding_box()["height"]
        button.click()
        assert output.bounding_box()["height"] > folded * 2
        assert button.get_attribute("aria-expanded") == "true"
        page.context.close()


def test_outputs_can_be_copied(watched, address):
    one = watched(permissions=["clipboard-read", "clipboard-write"])
    one.page.goto(f"{address}zh/{PAGE}")
    output = one.page.locator(".tf-stdout").first
    output.hover()
    output.locator("button").first.click()
    one.page.wait_for_timeout(200)
    copied = one.page.evaluate("navigator.clipboard.readText()")
    assert copied.strip() == output.locator("code").inner_text().strip()


def test_the_archive_opens_from_the_file_system(watched, site, tmp_path):
    with zipfile.ZipFile(site / "downloads" / "site.zip") as archive:
        archive.extractall(tmp_path)
    root = (tmp_path / "tfnotes").as_uri()
    one = watched(own=root, locale="zh-CN")
    one.page.goto(f"{root}/index.html")
    one.page.wait_for_url(f"{root}/zh/index.html")
    one.page.goto(f"{root}/zh/tensors/operations.html")
    found = search(one.page, "张量")
    assert any("/zh/tensors/" in href for href in found), found
    one.page.keyboard.press("Escape")
    one.page.locator("a.tf-language").click()
    one.page.wait_for_url(f"{root}/en/tensors/operations.html")
    assert any("gradient-tape" in href for href in search(one.page, "GradientTape"))
    assert not one.abroad
    assert not one.errors


def test_the_ledger_is_filtered_by_words_and_outcomes(watched, address):
    page = watched().page
    page.goto(f"{address}en/migrate/ledger/")
    shown = page.locator(".tf-row:visible")
    every = shown.count()
    page.locator(".tf-filter-text").fill("no attribute fit_generator")
    page.locator(".tf-row[open]").first.wait_for()  # few enough: unfolded
    assert 0 < shown.count() < 5
    assert page.locator("h2:visible").count() < 5  # groups without rows are hidden
    assert page.url.endswith("?old=no+attribute+fit_generator")
    page.reload()
    page.locator(".tf-row[open]").first.wait_for()
    assert 0 < shown.count() < 5
    # A pasted traceback with the reader's own names: the row first, and unfolded.
    page.locator(".tf-filter-text").fill(
        'File "/home/me/train.py", line 3 AttributeError: '
        "'MyUnet3D' object has no attribute 'evaluate_generator'"
    )
    page.locator("#evaluate-generator .tf-new").wait_for()
    # Where several could have said it, the likeliest is named first.
    page.locator(".tf-filter-text").fill(
        "ModuleNotFoundError: No module named 'tensorflow.contrib'"
    )
    page.locator(".tf-best li a").first.wait_for()
    assert page.locator(".tf-best li a").count() > 1
    page.locator(".tf-filter-text").fill("")
    page.locator(".tf-filter input[value=error]").uncheck()
    assert 0 < shown.count() < every
    assert page.locator(".tf-row[data-outcome=error]:visible").count() == 0
    # A link to a row that is filtered out shows it, unfolded.
    page.evaluate("location.hash = 'fit-generator'")
    page.locator("#fit-generator .tf-new").wait_for()


@pytest.mark.parametrize(("width", "tall"), [(1280, 13_300), (390, 18_000)])
def test_the_ledger_is_short_and_an_address_unfolds_its_row(watched, address, width, tall):
    # With 394 rows unfolded it was 133,003 px tall, on a phone 156,520; there are more rows now.
    one = watched(viewport={"width": width, "height": 900})
    page = one.page
    page.goto(f"{address}zh/migrate/ledger/")
    assert page.evaluate("document.documentElement.scrollHeight") < tall
    page.goto(f"{address}zh/keras/fit/")
    page.goto(f"{address}zh/migrate/ledger/#fit-generator")
    row = page.locator(".tf-row:has(#fit-generator)")
    row.locator(".tf-new").wait_for()
    page.wait_for_timeout(300)
    top = row.locator("summary").bounding_box()["y"]
    bar = page.locator(".tf-filter").bounding_box()
    assert bar["y"] + bar["height"] <= top + 4 < 500, "the row's name is in sight"
    assert not one.errors


def test_new_code_of_a_row_can_be_copied(watched, address):
    page = watched(permissions=["clipboard-read", "clipboard-write"]).page
    page.goto(f"{address}en/migrate/ledger/#fit-generator")
    code = page.locator("#fit-generator .tf-new .tf-snippet")
    code.locator(".tf-copy").click()
    page.wait_for_timeout(200)
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "model.fit(" in copied
    assert copied == code.locator("code").inner_text()


def test_the_ledger_can_be_read_without_script(watched, address):
    page = watched(java_script_enabled=False).page
    page.goto(f"{address}zh/migrate/ledger/#fit-generator")
    assert page.locator(".tf-row:visible").count() > 100
    assert not page.locator(".tf-filter").is_visible()
    page.locator("#fit-generator > a").click()  # the address has unfolded it
    page.locator("#fit-generator .tf-new").wait_for()
