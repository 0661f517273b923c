"""The few words that the site side itself says, in the page's language."""

WORDS: dict[str, dict[str, str]] = {
    "zh": {
        "output": "输出",
        "error": "抛出的异常",
        "predict": "先想一想，再展开",
        "code": "代码",
        "device": "设备",
        "real": "真实数据",
        "stand-in": "替身数据",
        "on-stand-in": "同一段代码在替身数据上的输出（测试比对的就是它）",
        "not-run": "未运行",
        "needs-gpu": "需要 GPU：还没有在 GPU 上运行过。",
        "not-compared": "输出不比对",
        "form-compared": "数字不比对",
        "missing": "这段代码还没有运行过，所以这里没有输出。",
        "figure": "这段代码画出的图",
        "setup": "准备：安装缺少的软件包",
        "permalink": "本节链接",
        "separator": "：",
    },
    "en": {
        "output": "Output",
        "error": "Exception raised",
        "predict": "Predict, then look",
        "code": "Code",
        "device": "device",
        "real": "real data",
        "stand-in": "stand-in data",
        "on-stand-in": "The same code on the stand-in data (what the tests compare)",
        "not-run": "Not run",
        "needs-gpu": "Needs a GPU: not run on one yet.",
        "not-compared": "Output not compared",
        "form-compared": "Numbers not compared",
        "missing": "This code has not been run yet, so there is no output to show.",
        "figure": "Figure drawn by this code",
        "setup": "Set-up: install what is missing",
        "permalink": "Link to this section",
        "separator": ": ",
    },
}


def say(language: str, word: str) -> str:
    """A word in a language; English where the language is unknown (a sample page, say)."""
    return WORDS.get(language, WORDS["en"])[word]
