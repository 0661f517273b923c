import json

import pytest

from tfnotes.core.errors import TfnotesError
from tfnotes.site.html.katex import SCRIPT, Katex


def test_what_was_rendered_is_remembered(tmp_path, monkeypatch):
    cache = tmp_path / "deep" / "katex.json"
    katex = Katex(cache)
    html = katex.render("x^2", False)
    assert "<math" in html
    katex.save()
    again = Katex(cache)
    monkeypatch.setattr(again, "_engine", lambda: pytest.fail("rendered again"))
    assert again.render("x^2", False) == html


def test_two_builds_add_to_one_cache(tmp_path):
    first, second = Katex(tmp_path / "k.json"), Katex(tmp_path / "k.json")
    first.render("a", False)
    second.render("b", True)
    first.save()
    second.save()
    assert len(json.loads((tmp_path / "k.json").read_text())) == 2


def test_a_damaged_cache_is_ignored(tmp_path):
    cache = tmp_path / "k.json"
    cache.write_text("{")
    assert "<math" in Katex(cache).render("x", False)


def test_a_cache_that_cannot_be_written_is_no_loss(tmp_path):
    (tmp_path / "file").write_text("")
    katex = Katex(tmp_path / "file" / "k.json")
    katex.render("x", False)
    katex.save()


@pytest.mark.parametrize("tex", [r"\frac{a", r"\nosuchcommand", "梯度 = 1"])
def test_a_mistake_is_an_error(tmp_path, tex):
    with pytest.raises(TfnotesError, match="mend the TeX"):
        Katex(tmp_path / "k.json").render(tex, False)


def test_text_may_be_chinese(tmp_path):
    assert "梯度" in Katex(tmp_path / "k.json").render(r"\text{梯度}", False)


def test_the_licence_lies_beside_the_script(notes):
    assert "MIT" in (SCRIPT.parent / "LICENSE").read_text()
    theme = notes.docs / "theme" / "assets"
    assert (theme / "vendor" / "katex" / "LICENSE").is_file()
    assert (theme / "fonts" / "LICENSE-inter").is_file()
