"""The words that only the book says, in its language."""

WORDS: dict[str, dict[str, str]] = {
    "zh": {
        "preface": "前言",
        "contents": "目录",
        "part": "第{number}部分",
        "chapter": "第 {number} 章",
        "page": "第 {page} 页",
        "solutions": "答案",
        "to-exercise": "回到习题",
        "index": "索引",
        "index-note": "数字是页码；粗体的那一页讲解这个词。",
        "index-note-epub": "数字是章；粗体的那一章讲解这个词。",
        "predict": "先想一想，再往下看",
        "other-rows": "其余各行",
        "colophon": "关于这本书",
        "made": "正文与 {site} 上的网页相同，由同样的页面和同样的运行记录生成。",
        "runs": "书里每段代码都运行过，每个输出都是那次运行的记录。"
        "未另外注明的输出出自 CPU 上的 {versions}，运行于 {dates}。",
        "folded": "网页上折叠的答案收在每章末尾。计时只印图，每个数字的四分位数和样本数在网页上。",
        "edition": "tfnotes {version} · {date}",
        "licence": "代码以 Apache-2.0 发布，文字以 CC BY-SA 4.0 发布。",
        "to": "到",
        "and": "与",
        "books": "整站也是一本书：",
        "from": "自 {release}",
        "ledger-was": "从前",
        "ledger-now": "现在",
    },
    "en": {
        "preface": "Preface",
        "contents": "Contents",
        "part": "Part {number}",
        "chapter": "Chapter {number}",
        "page": "p. {page}",
        "solutions": "Solutions",
        "to-exercise": "back to the exercise",
        "index": "Index",
        "index-note": "Numbers are pages; the bold one explains the term.",
        "index-note-epub": "Numbers are chapters; the bold one explains the term.",
        "predict": "Predict, then look",
        "other-rows": "The other rows",
        "colophon": "About this book",
        "made": "The text is that of the pages on {site}, made from the same pages and the same records.",
        "runs": "Every block of code in this book has been run, and every output is the record of such a run. "
        "Where nothing else is said, it ran on a CPU with {versions}, {dates}.",
        "folded": "Solutions, folded on the site, stand at the end of their chapter. Timings are printed as charts; "
        "the quartiles and sample counts behind each point are on the site.",
        "edition": "tfnotes {version} · {date}",
        "licence": "Code is under Apache-2.0, text under CC BY-SA 4.0.",
        "to": " to ",
        "and": " and ",
        "books": "The whole site as a book: ",
        "from": "from {release}",
        "ledger-was": "then",
        "ledger-now": "now",
    },
}


def say(language: str, word: str, **values: str) -> str:
    """A word of the book, with its gaps filled."""
    return WORDS[language][word].format(**values)
