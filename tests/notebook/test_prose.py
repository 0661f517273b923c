from pathlib import Path

import pytest
from checkout import make_checkout, write_page

from tfnotes.core.errors import PageError
from tfnotes.core.records import Record
from tfnotes.site.notebook.prose import split_page, target_url

HOME = "https://notes.example/en/"
URL = f"{HOME}part/page/"
CODE = "# --8<-- [start:add]\nprint('sum', 1 + 1)\n# --8<-- [end:add]\n"


@pytest.fixture
def split(tmp_path: Path):
    """Cuts a page with this body; code parts are shown as ``[name]``."""
    project = make_checkout(tmp_path, {"snippets/part/page.py": CODE})

    def split_body(body: str) -> list[str]:
        page = write_page(project, "part/page", f"---\ndescription: x\n---\n{body}", ("en",))
        records = {
            block.key: Record(
                block.key,
                block.name,
                [{"output_type": "stream", "name": "stdout", "text": "sum 2\n"}],
            )
            for block in page.running
        }
        parts = split_page(page, records, URL)
        return [
            f"[{part.block.name}]" if part.block else part.markdown.strip("\n") for part in parts
        ]

    return split_body


FENCE = '```python title="x"\n--8<-- "part/page.py:add"\n```\n'


def indented(text: str) -> str:
    return "".join(f"    {line}\n" for line in text.splitlines())


def test_prose_and_code_alternate(split):
    assert split(f"# Sum {{ #top }}\n\nOne.\n\n{FENCE}\nTwo.\n") == [
        "# Sum\n\nOne.",
        "[add]",
        "Two.",
    ]


def test_a_number_from_an_output(split):
    assert split(f"It is {{out:add:sum}}.\n\n{FENCE}")[0] == "It is 2."


def test_a_number_that_is_not_there_is_an_error(split):
    with pytest.raises(PageError, match=r"part/page.md:4: no number after"):
        split(f"It is {{out:add:product}}.\n\n{FENCE}")


def test_a_reference_shown_as_code_stays(split):
    assert split(f"Write `{{out:gone:label}}`.\n\n{FENCE}")[0] == "Write `{out:gone:label}`."


def test_an_admonition_becomes_a_quotation(split):
    assert split('!!! note "Mind [it](../index.md)"\n    One.\n\n    Two.\n\nThree.\n') == [
        f"> **Mind [it]({HOME})**\n>\n> One.\n>\n> Two.\n\nThree."
    ]


def test_a_fold_with_code_that_runs_is_opened(split):
    body = f'??? success "Solution"\n    Look:\n\n{indented(FENCE)}\n    So.\n\nAfter.\n'
    assert split(body) == ["**Solution**\n\nLook:", "[add]", "So.\n\nAfter."]


def test_tabs_are_flattened(split):
    text = split('=== "CPU"\n    Slow.\n\n=== "GPU"\n    Fast.\n')[0]
    assert text.split() == ["**CPU**", "Slow.", "**GPU**", "Fast."]


def test_an_admonition_without_a_title(split):
    assert split("!!! warning\n    Hot.\n")[0] == "> **Warning**\n>\n> Hot."


def test_a_block_that_does_not_run_is_shown(split):
    body = '```python run="no" why="needs a GPU"\n--8<-- "part/page.py:add"\n```\n'
    assert split(body) == ["```python\nprint('sum', 1 + 1)\n```"]


def test_code_in_a_quotation(split):
    body = '!!! note "Shell"\n    ```console\n    $ ls\n\n    x\n    ```\n'
    assert split(body)[0] == "> **Shell**\n>\n> ```console\n> $ ls\n>\n> x\n> ```"


def test_nothing_is_changed_in_other_fences(split):
    body = '````markdown\n!!! note "x"\n    [a](b.md){ .c }\n````\n'
    assert split(body)[0] == body.strip()


def test_attributes_icons_comments_and_wrappers_go(split):
    body = (
        '<div class="grid" markdown>\n[Go](page.md){ .md-button } :material-check: <!-- hm -->\n'
        "</div>\n\nKeep {this} and `{ #that }`.\n"
    )
    assert split(body)[0] == f"[Go]({URL})\n\n\nKeep {{this}} and `{{ #that }}`."


def test_a_colon_after_code_is_no_definition(split):
    assert split("Outside `with`: done.\n")[0] == "Outside `with`: done."


def test_footnotes_and_definitions(split):
    assert split("A[^1]\n\n[^1]: Note.\n\nTerm\n:   Meaning\n")[0] == (
        "A<sup>1</sup>\n\n<sup>1</sup> Note.\n\nTerm\n- Meaning"
    )


@pytest.mark.parametrize(
    ("target", "address"),
    [
        ("other.md", f"{HOME}part/other/"),
        ("../tensors/tensors.md#shape", f"{HOME}tensors/tensors/#shape"),
        ("../index.md", HOME),
        ("#here", f"{URL}#here"),
        ("../labs/lab.ipynb", f"{HOME}labs/lab/"),
        ("figure.svg", f"{HOME}part/figure.svg"),
        ("https://www.tensorflow.org/", "https://www.tensorflow.org/"),
        ("mailto:a@example.org", "mailto:a@example.org"),
    ],
)
def test_links_lead_to_the_site(target, address):
    assert target_url("part/page", URL, target) == address


def test_links_of_the_first_page():
    assert target_url("index", HOME, "start/install.md") == f"{HOME}start/install/"
    assert target_url("index", HOME, "index.md") == HOME
