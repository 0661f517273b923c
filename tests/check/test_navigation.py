"""Every page is in the menu of its language: before a build has to say so."""

import pytest

CONFIG = "site_name: x\nnav:\n  - Home: part/page.md\n  - Part:\n      - https://example.org\n"


@pytest.fixture
def menus(sample):
    for name in ("mkdocs.yml", "mkdocs.en.yml"):
        (sample.project.root / name).write_text(CONFIG)
    return sample


def test_nothing_to_mend(menus):
    assert menus.lines() == []


def test_a_page_that_no_menu_leads_to(menus):
    (menus.project.root / "mkdocs.en.yml").write_text("nav:\n  - Part:\n      - https://x.org\n")
    assert menus.only() == (
        "docs/en/part/page.md:1: the page is not in the nav of mkdocs.en.yml; "
        "add part/page.md to it"
    )


def test_an_entry_that_leads_nowhere(menus):
    (menus.project.root / "mkdocs.yml").write_text(CONFIG + "      - Lab: labs/one.ipynb\n")
    assert "mkdocs.yml:6: nav names labs/one.ipynb, and there is no such page" in menus.only()


def test_a_site_without_a_nav_shows_all(sample):
    for name in ("mkdocs.yml", "mkdocs.en.yml"):
        (sample.project.root / name).write_text("site_name: x\n")
    assert sample.lines() == []


def test_a_page_in_a_folder_that_outputs_uses_otherwise_is_told_once_a_language(sample):
    for language in ("zh", "en"):
        sample.page(language, "releases/notes", "# T\n")
    told = [line for line in sample.lines() if "can be called" in line]
    assert [line.split(" ")[0] for line in told] == [
        "docs/en/releases/notes.md:1:",
        "docs/zh/releases/notes.md:1:",
    ]


def test_an_entry_that_stands_there_twice(menus):
    """The second would be a page of its own in the menu, and previous and next would go in a circle."""
    (menus.project.root / "mkdocs.yml").write_text(CONFIG + "      - Again: part/page.md\n")
    line = 1 + (CONFIG + "      - Again: part/page.md").count("\n")
    assert menus.only() == (
        f"mkdocs.yml:{line}: nav names part/page.md 2 times; keep one of the entries"
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("nav: [x\n", "mkdocs.en.yml:2: the configuration is not YAML"),
        ("", "mkdocs.en.yml:1: the configuration has no settings; restore it"),
        (None, "mkdocs.en.yml:1: the configuration cannot be read"),
    ],
)
def test_a_configuration_that_cannot_be_read(menus, text, told):
    """Nothing could be said of the menu, and that must not pass for nothing to mend."""
    path = menus.project.root / "mkdocs.en.yml"
    path.unlink() if text is None else path.write_text(text)
    assert menus.only().startswith(told)
