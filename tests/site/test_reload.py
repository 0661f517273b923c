import json
import urllib.error
import urllib.request

import pytest

from tfnotes.site.serve.reload import Browsers, start_server


@pytest.fixture
def served(tmp_path):
    (tmp_path / "zh").mkdir()
    (tmp_path / "zh" / "index.html").write_text("<body>首页</body>", encoding="utf-8")
    (tmp_path / "zh" / "404.html").write_text("<body>没有</body>", encoding="utf-8")
    (tmp_path / "zh" / "a.css").write_text("a{}")
    browsers = Browsers()
    server = start_server(tmp_path, "127.0.0.1", 0, browsers)
    yield f"http://127.0.0.1:{server.server_port}", browsers
    server.shutdown()
    server.server_close()


def get(address):
    with urllib.request.urlopen(address, timeout=10) as response:
        return response.read().decode()


def test_pages_carry_the_reload_script(served):
    address, _ = served
    assert (
        get(f"{address}/zh/")
        == '<body>首页<script src="/.tfnotes/reload.js" defer></script></body>'
    )
    assert "EventSource" in get(f"{address}/.tfnotes/reload.js")
    assert get(f"{address}/zh/a.css") == "a{}"


def test_a_missing_page_is_missing_in_its_language(served):
    address, _ = served
    with pytest.raises(urllib.error.HTTPError) as caught:
        get(f"{address}/zh/no/such/")
    assert caught.value.code == 404
    assert "没有" in caught.value.read().decode()


def test_nothing_above_the_folder_is_served(served, tmp_path):
    address, _ = served
    (tmp_path.parent / "secret.txt").write_text("secret")
    with pytest.raises(urllib.error.HTTPError):
        get(f"{address}/../secret.txt")


def test_a_browser_is_told(served):
    address, browsers = served
    with urllib.request.urlopen(f"{address}/.tfnotes/events", timeout=10) as events:
        while not browsers.count:
            pass
        browsers.tell(problem="mend it")
        browsers.tell(reload=True)
        lines = [events.readline() for _ in range(4)]
    said = [json.loads(line.removeprefix(b"data: ")) for line in lines if line.strip()]
    assert said == [{"problem": "mend it"}, {"reload": True}]
