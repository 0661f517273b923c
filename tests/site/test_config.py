import os
import re
from pathlib import Path

import pytest
from mkdocs.config import load_config

import tfnotes.parts as parts
from tfnotes.core.project import CONFIGURATIONS, LANGUAGES, is_lab
from tfnotes.site.build.config import hook_paths, part_names


@pytest.fixture(scope="module")
def configs(notes):
    here = os.getcwd()
    os.chdir(notes.root)
    try:
        return {name: load_config(str(notes.root / CONFIGURATIONS[name])) for name in LANGUAGES}
    finally:
        os.chdir(here)


def shape(nav):
    """The navigation without its titles: files, and lists of files."""
    entries = [next(iter(entry.values())) if isinstance(entry, dict) else entry for entry in nav]
    return [shape(entry) if isinstance(entry, list) else entry for entry in entries]


def titles(nav):
    for entry in nav:
        title, content = next(iter(entry.items()))
        yield title
        if isinstance(content, list):
            yield from titles(content)


def flat(entries):
    for entry in entries:
        yield from flat(entry) if isinstance(entry, list) else [entry]


def test_both_languages_have_the_same_navigation(configs):
    assert shape(configs["zh"]["nav"]) == shape(configs["en"]["nav"])


def test_every_page_is_in_the_navigation_once(configs, notes):
    named = [name.rpartition(".")[0] for name in flat(shape(configs["zh"]["nav"]))]
    assert sorted(named) == sorted(set(named))
    for language in LANGUAGES:
        assert sorted(named) == notes.page_names(language)


def test_every_entry_has_a_title_in_its_language(configs):
    names = {language: list(titles(configs[language]["nav"])) for language in LANGUAGES}
    assert not [title for title in names["en"] if re.search(r"[\u4e00-\u9fff]", title)]
    assert all(title.strip() for title in names["zh"])


def test_labs_are_published_as_notebooks(configs, notes):
    for config in configs.values():
        files = list(flat(shape(config["nav"])))
        labs = [name for name in notes.page_names("zh") if is_lab(name)]
        assert labs
        assert [file for file in files if is_lab(file)] == [f"{name}.ipynb" for name in labs]


def test_every_part_is_named_in_the_configuration(configs, notes):
    folder = Path(parts.__file__).parent
    files = {path.stem for path in folder.iterdir() if not path.name.startswith("_")}
    named = set(part_names(notes))
    for config in configs.values():
        assert set(config["mdx_configs"]["tfnotes.site.markdown"]["parts"]) == named
    # Each is a part that has something to register, a hook, or what these use.
    hooks = {
        name for path in hook_paths(notes) for name in (Path(path).stem, Path(path).parent.name)
    }
    assert {name.rpartition(".")[2] for name in named} | hooks | {
        "releases",
        "ledger_states",
    } >= files


def test_nothing_in_the_configuration_asks_another_host(configs):
    for config in configs.values():
        assert config["theme"]["font"] is False
        assert not config["repo_url"]
        assert not config["extra"].get("analytics")
