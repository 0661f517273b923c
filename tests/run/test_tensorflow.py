"""What only TensorFlow itself can show: one fork server with it imported, for all tests here."""

import pytest
from checkout import fences, make_checkout, write_page

from tfnotes.core.records import Store
from tfnotes.run.pages import run_pages
from tfnotes.run.process.tensorflow import MEASURED, REPEATABLE, SAME_ARITHMETIC
from tfnotes.run.session import Session

PAGES = {
    "tape": fences(
        "import tensorflow as tf\nx = tf.Variable(3.0)\nwith tf.GradientTape() as tape:\n    y = x**2\nprint(tape.gradient(y, x).numpy())",
        '[raises="InvalidArgumentError"]\ntf.matmul(tf.ones([2, 3]), tf.ones([2, 3]))',
    ),
    "traced": fences(
        "import tensorflow as tf\n@tf.function\ndef steps(x):\n    n = 0\n    while x > 1.0:\n        x, n = x / 2, n + 1\n    return n",
        "print(steps(tf.constant(9.0)).numpy())",
    ),
    "names": fences(
        "import keras\nmodel = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3)])\nprint(model.name, model.layers[0].name)",
        "import numpy as np\nprint(model.predict(np.ones((1, 2)), verbose=0).round(4))\nprint(np.random.rand(), keras.random.normal(()).numpy())",
    ),
    "training": fences(
        "import keras\nimport numpy as np\nx = np.random.rand(64, 4)\n"
        "model = keras.Sequential([keras.layers.Dense(8, activation='relu'), keras.layers.Dropout(0.5), keras.layers.Dense(1)])\n"
        "model.compile('adam', 'mse')\nhistory = model.fit(x, x.sum(1), epochs=3, verbose=2)",
    ),
}


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    project = make_checkout(tmp_path_factory.mktemp("checkout"))
    for name, text in PAGES.items():
        write_page(project, name, text)
    results = run_pages(project, PAGES, fresh=True)
    assert [result.failures for result in results] == [[]] * len(PAGES)
    return project


def text_of(project, name: str) -> str:
    return "".join(record.text for record in Store(project.outputs).load(name).values())


def test_the_order_of_pages_never_changes_an_output(project) -> None:
    """Keras' automatic names and all random state leaked between pages in other engines."""
    for order in (list(PAGES)[::-1], ["names", "training", "tape"]):
        results = run_pages(project, order, fresh=True, workers=1)
        assert [result.changes for result in results] == [[]] * len(order)


@pytest.mark.slow
def test_a_process_started_afresh_prints_what_a_forked_one_does(project, monkeypatch) -> None:
    """Seeds, names, noise and messages must not depend on how the process came to be."""
    monkeypatch.setenv("TFNOTES_START", "spawn")
    results = run_pages(project, ["names", "training", "tape"], fresh=True, workers=1)
    assert [(result.failures, result.changes) for result in results] == [([], [])] * 3


def test_every_page_begins_like_a_fresh_script(project) -> None:
    assert text_of(project, "names").startswith("sequential dense\n")


def test_autograph_finds_the_source_of_an_earlier_block(project) -> None:
    """A function is often traced in a later block than the one that defines it."""
    assert text_of(project, "traced") == "4\n"


def test_no_start_up_noise_and_no_step_times(project) -> None:
    assert text_of(project, "tape").startswith("6.0\n")
    log = text_of(project, "training")
    assert "Epoch 1/3\n2/2 - … - loss: " in log
    assert "cuda" not in log.lower()


def test_errors_of_operations_read_as_a_person_would_tell_them(project) -> None:
    last = text_of(project, "tape").strip().split("\n")[-1]
    assert last == (
        "InvalidArgumentError: Matrix size-incompatible: In[0]: [2,3], In[1]: [2,3] [Op:MatMul]"
    )


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    project = make_checkout(tmp_path_factory.mktemp("more"))
    session = Session(project, workers=1)
    yield session
    session.close()


def run(session: Session, name: str, text: str) -> str:
    page = write_page(session.project, name, text)
    session.submit(page.running, {block.key for block in page.running})
    session.start()
    outcomes = [session.outcome(block) for block in page.running]
    assert [outcome.failure for outcome in outcomes] == [None] * len(outcomes)
    return "".join(outcome.record.text for outcome in outcomes if outcome.record)


def test_autograph_finds_the_source_of_an_included_function(session) -> None:
    snippet = (
        "\n\nimport tensorflow as tf\n\n# --8<-- [start:f]\n@tf.function\ndef f(n):\n    total = 0\n"
        "    for i in tf.range(n):\n        if i % 2 == 0:\n            total += i\n    return total\n# --8<-- [end:f]\n"
    )
    (session.project.snippets / "g.py").write_text(snippet)
    text = '# P\n\n```python\nimport tensorflow as tf\n```\n\n```python\n--8<-- "g.py:f"\n```\n\n```python\nprint(f(tf.constant(5)).numpy())\n```\n'
    assert run(session, "autograph", text) == "6\n"


def test_prints_at_tracing_and_at_running_keep_their_order(session) -> None:
    code = "import tensorflow as tf\n@tf.function\ndef f():\n    print('tracing')\n    tf.print('running')\nf()\nf()\nprint('end')"
    assert run(session, "order", fences(code)) == "tracing\nrunning\nrunning\nend\n"


def test_a_page_can_still_choose_its_devices(session) -> None:
    """The fork server must not have touched a device, and neither may the engine before the page."""
    code = (
        "import tensorflow as tf\ncpu = tf.config.list_physical_devices('CPU')[0]\n"
        "tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)\n"
        "print(len(tf.config.list_logical_devices('CPU')))"
    )
    assert run(session, "devices", fences(code)) == "2\n"


def test_keras_can_save_and_load_a_class_of_the_page(session) -> None:
    code = (
        "import keras\n@keras.saving.register_keras_serializable()\nclass Twice(keras.layers.Layer):\n"
        "    def call(self, x):\n        return 2 * x\n"
        "model = keras.Sequential([keras.Input((1,)), Twice()])\nmodel.save('m.keras')\n"
        "print(type(keras.saving.load_model('m.keras').layers[0]).__name__)"
    )
    assert run(session, "saving", fences(code)) == "Twice\n"


def test_records_are_made_without_a_gpu_and_captures_are_not():
    assert REPEATABLE["CUDA_VISIBLE_DEVICES"] == "-1"
    assert "CUDA_VISIBLE_DEVICES" not in MEASURED


@pytest.mark.skipif(not SAME_ARITHMETIC, reason="the record is of x86 processors")
def test_a_page_computes_the_same_bits_on_every_x86_processor(session) -> None:
    """With AVX-512 left on, each of these four comes out otherwise than on a machine without."""
    code = (
        "import hashlib\nimport numpy as np\nimport tensorflow as tf\nr = np.random.default_rng(0)\n"
        "a, b = (r.normal(size=s).astype('float32') for s in [(64, 300), (300, 70)])\n"
        "for x in (tf.matmul(a, b), a @ b, np.exp(a.astype('float64')), np.abs(a) ** 0.3):\n"
        "    print(hashlib.sha256(np.ascontiguousarray(x).tobytes()).hexdigest()[:12])"
    )
    assert run(session, "arithmetic", fences(code)).split() == [
        "1c08670d543e",
        "d2223d4ade55",
        "a048821e9f11",
        "7220030cd69a",
    ]
