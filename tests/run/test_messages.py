"""An error's message begins with what went wrong, whoever wrapped it."""

from tfnotes.core.messages import message_of

AUTOGRAPH = """in user code:

    File "snippets/a.py", line 3, in sign  *
        if x > 0:

    ValueError: 'name' must also be initialized in the else branch
"""
KERAS = """Exception encountered when calling Model.call().

\x1b[1mInput 0 is incompatible with the layer\x1b[0m

Arguments received by Model.call():
  • inputs=tf.Tensor(shape=(8, 3), dtype=float32)"""
LEAKED = """<tf.Tensor 'mul:0' shape=()> is out of scope.

<tf.Tensor 'mul:0' shape=()> was defined here:
    File "<frozen runpy>", line 198, in _run_module_as_main

The tensor cannot be accessed: FuncGraph(name=f, id=140700632468160)."""


def first_line(error: Exception) -> str:
    return message_of(str(error), type(error).__name__).split("\n")[0]


def test_autograph_names_the_place_first() -> None:
    told = message_of(AUTOGRAPH, "ValueError")
    assert told.startswith("'name' must also be initialized in the else branch\n\nin user code:")
    assert 'File "snippets/a.py", line 3' in told


def test_autograph_around_another_type_is_left_alone() -> None:
    assert first_line(TypeError(AUTOGRAPH)) == "in user code:"


def test_keras_names_the_method_first() -> None:
    told = message_of(KERAS, "ValueError")
    assert told.startswith("Input 0 is incompatible with the layer\n\nException encountered")
    assert told.count("Input 0") == 1
    assert "Arguments received" in told


def test_frames_and_ids_of_a_leaked_tensor_are_left_out() -> None:
    assert message_of(LEAKED, "TypeError") == "<tf.Tensor 'mul:0' shape=()> is out of scope."


def test_an_ordinary_message_stays() -> None:
    assert message_of("a\nb", "ValueError") == "a\nb"


GRAPH = """Graph execution error:

Detected at node net/take/GatherV2 defined at (most recent call last):
  File "train.py", line 20, in <module>

  File "layer.py", line 1002, in __call__

indices[0,0] = 5 is not in [0, 3)
\t [[{{node net/take/GatherV2}}]] [Op:__inference_multi_step_on_iterator_601]"""

SEVERAL = """Graph execution error:

Detected at node A defined at (most recent call last):
  File "train.py", line 1, in f

Detected at node B defined at (most recent call last):
  File "train.py", line 1, in f

2 root error(s) found.
  (0) INTERNAL:  Connection reset
\t [[{{node A}}]]
  (1) CANCELLED:  Function was cancelled before it was started
0 successful operations. [Op:__inference_f_9]"""


def test_a_graph_that_failed_says_why_and_not_only_that_it_did():
    """The reason stands last, after the places; cut off there, every such error reads alike."""
    assert message_of(GRAPH, "InvalidArgumentError") == (
        "indices[0,0] = 5 is not in [0, 3)\n\nGraph execution error:"
    )
    assert message_of(SEVERAL, "InternalError").startswith("INTERNAL:  Connection reset\n")
