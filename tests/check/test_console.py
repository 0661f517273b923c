from tfnotes.check.console import find_commands

PAGE = """# Page

```console
$ pip install tensorflow \\
      matplotlib
$ python -c "print(1 + 1)"
2
$ make test
```

    ```console
    $ tfnotes --help
    ```
"""


def test_commands_and_what_they_print():
    first, second, third, fourth = find_commands(PAGE)
    assert (first.line, first.text) == (4, "pip install tensorflow matplotlib")
    assert (second.line, second.text, second.output) == (6, 'python -c "print(1 + 1)"', "2")
    assert third.text == "make test"
    assert fourth.line == 12
    assert [command.cheap for command in (first, second, third, fourth)] == [
        False,
        True,
        False,
        True,
    ]


def test_a_command_that_does_more_is_not_cheap():
    text = '```console\n$ python -c "print(1)" > file\n$ pip --version; rm x\n```\n'
    assert not any(command.cheap for command in find_commands(text))


def test_a_command_that_no_shell_can_read(sample):
    sample.both("## ", '```console\n$ python -c "print(1)\n```\n\n## ')
    lines = sample.lines()
    assert len(lines) == 2
    assert lines[0] == (
        'docs/en/part/page.md:9: the shell cannot read "python -c "print(1)" (no closing quotation)'
        "; close what is open"
    )


def test_a_console_fence_without_a_command(sample):
    sample.both("## ", "```console\npip install x\n```\n\n## ")
    assert all("a console fence without a command" in line for line in sample.lines())
    assert len(sample.lines()) == 2


def test_an_empty_command(sample):
    sample.change("en", "## ", "```console\n$ \n```\n\n## ")
    assert "an empty command; write one" in sample.only()
