import pytest

from tfnotes.check.markdown_text import plain_prose


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("这是TensorFlow 的张量。", 'no space in "这是TensorF"'),
        ("共有3 个。", "no space"),
        ("用 `tf.Tensor`表示。", "no space"),
        ("这是 **Keras**的层。", "no space"),
        ("先看, 再想。", "half-width punctuation"),
        ("这是张量.", "half-width punctuation"),
        ("形状(shape) 不同。", "half-width punctuation"),
        ('所谓"张量"。', "straight quotes"),
        ("这一步自动求导。", '"自动求导" is not the term used here; write "自动微分"'),
    ],
)
def test_chinese(sample, text, message):
    sample.change("zh", "两个数相加。\n\n##", f"{text}\n\n##")
    assert message in "\n".join(sample.lines())
    assert all(line.startswith("docs/zh/part/page.md:6:") for line in sample.lines())


@pytest.mark.parametrize(
    "text",
    [
        "用 `tf.Tensor` 表示张量，形状是 `(2, 3)`。",
        "见 [张量](page.md#sum)，也见 [`tf.add`](https://www.tensorflow.org/api_docs/python/tf/add)。",
        "损失 $L = (a, b)$ 很小；准确率是 {out:add:x}，比 90% 高。",
        '!!! note "为什么是 None"',
        '=== "用 CPU 训练"',
        "| 名称 | 说明 |",
        "- 第 1 步：读数据（见下）。",
        "时间是 12:30。",
        "**注意**：顺序很重要。",
        "注[^1]在这里。",
        "[^1]: 这里是注。",
        "按 ++ctrl+c++ 停止。",
    ],
)
def test_good_chinese(sample, text):
    sample.change("zh", "两个数相加。\n\n##", f"{text}\n\n##")
    kinds = ("no space", "half-width", "straight", "not the term")
    assert [line for line in sample.lines() if any(kind in line for kind in kinds)] == []


def test_code_and_comments_are_not_prose(sample):
    sample.snippet(
        "part/page.py", "# --8<-- [start:add]\nprint('中文ABC', 1)\n# --8<-- [end:add]\n"
    )
    sample.change("zh", "两个数相加。\n\n##", "<!-- 注释ABC -->\n\n##")
    assert sample.lines() == []


def test_english_has_ascii_punctuation(sample):
    sample.change("en", "added.", "added，twice.")
    assert "full-width punctuation" in sample.only()


def test_a_page_needs_a_description(sample):
    sample.change("en", "description: Adding two numbers.\n", "title: Sum\n")
    assert sample.only().startswith("docs/en/part/page.md:1: the front matter has no description")


def test_a_description_is_prose_too(sample):
    sample.change("zh", "description: 两个数相加。", "description: 两个数相加, 得到3。")
    assert {line.split(": ")[0] for line in sample.lines()} == {"docs/zh/part/page.md:2"}


def test_a_page_that_is_not_utf8(sample):
    sample.page("zh", "part/page", "# 加法\n两个数\n".encode("gb18030"))
    assert sample.only() == "docs/zh/part/page.md:1: not UTF-8; save the file as UTF-8"


def test_an_open_front_matter(sample):
    sample.change("en", "numbers.\n---\n", "numbers.\n")
    assert (
        'docs/en/part/page.md:1: front matter is never closed; add a line "---"' in sample.lines()
    )


def test_front_matter_that_yaml_reads_otherwise(sample):
    sample.change("en", "description: ", "description: Helpers: ")
    assert any("page.md:2: front matter is not YAML" in line for line in sample.lines())


def test_plain_prose_takes_markup_off():
    line = "- **[梯度带](x.md){ .a }** 记录 `x * y` 与 $x$ :material-check:"
    assert plain_prose(line) == "梯度带 记录 code 与 math "
