from bs4 import BeautifulSoup
from checkout import write_page
from pages import convert

TEXT = '# T\n\n<small><span data-page="keras/fit">fit</span> · b</small>\n'


def test_the_name_of_a_missing_page_is_plain_text(project):
    page = write_page(project, "a/b", TEXT)
    html = convert(project, page.body)
    assert '<span data-page="keras/fit">fit</span>' in html
    assert "<a " not in html


def test_the_name_of_a_page_that_exists_is_a_link(project):
    write_page(project, "keras/fit", "# Fit\n")
    page = write_page(project, "a/b", TEXT)
    link = BeautifulSoup(convert(project, page.body), "html.parser").select_one("small > a")
    assert (link["href"], link.text) == ("../keras/fit.md", "fit")


def test_text_that_is_no_page_is_left_alone(project):
    write_page(project, "keras/fit", "# Fit\n")
    assert "<a " not in convert(project, "# Another\n" + TEXT)
