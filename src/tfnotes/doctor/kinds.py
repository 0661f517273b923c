"""Which kind of object a call of TensorFlow or Keras returns."""

import re

from tfnotes.doctor.values import FOREIGN, UNKNOWN, Instance, Symbol, Value

LIBRARIES = frozenset({"tf", "keras", "tensorflow_hub", "tensorflow_datasets", "tf_keras"})
"""Roots of canonical names that are TensorFlow's own."""

ELEMENTS = {
    "Layers": "Layer",
    "KerasTensors": "KerasTensor",
    "KerasVariables": "KerasVariable",
    "Tensor": "Tensor",
}
"""What the elements of an object of a kind are."""

KERAS_KINDS = ("Model", "Layer", "Optimizer", "Loss", "Metric", "Callback", "History", "Tokenizer")
"""The kinds that Keras defines."""

# Libraries whose objects are certainly none of TensorFlow's.
_STRANGERS = frozenset((
    "numpy", "pandas", "matplotlib", "PIL", "cv2", "torch", "torchvision", "sklearn", "scipy",
    "os", "sys", "json", "pickle", "re", "math", "random", "time", "datetime", "collections",
    "itertools", "functools", "argparse", "logging", "pathlib", "shutil", "h5py", "seaborn",
    "plotly", "skimage", "nltk", "gensim", "xgboost", "lightgbm", "imageio", "tqdm", "yaml",
    "csv", "glob", "io", "subprocess", "copy", "string", "types", "typing", "requests", "urllib",
    "zipfile", "tarfile", "gzip", "threading", "mxnet", "chainer", "jax", "flax", "theano",
    "lasagne", "joblib", "transformers",
))  # fmt: skip

_KERAS = r"(?:tf\.(?:compat\.v1\.)?)?keras\."
# The last rule that fits counts.
_RULES: tuple[tuple[str, str], ...] = (
    (_KERAS + r"(?:engine\.(?:training|sequential|topology|network)\.|models\.)?(?:Model|Sequential|Functional)", "Model"),
    (_KERAS + r"(?:models|saving)\.(?:load_model|clone_model|model_from_\w+)", "Model"),
    (_KERAS + r"applications\.(?:\w+\.)?[A-Z]\w*", "Model"),
    (_KERAS + r"utils\.(?:\w+\.)?multi_gpu_model", "Model"),
    (_KERAS + r"utils\.(?:data_utils\.)?get_file", "Path"),
    (_KERAS + r"experimental\.[A-Z]\w*Model", "Model"),
    (_KERAS + r"layers\.(?:\w+\.)*[A-Z]\w*", "Layer"),
    (_KERAS + r"engine\.(?:\w+\.)?(?:Layer|InputLayer)", "Layer"),
    (_KERAS + r"(?:layers\.|engine\.(?:\w+\.)?)?Input", "KerasTensor"),
    (r"tf\.(?:compat\.v1\.)?layers\.[A-Z]\w*", "Layer"),
    (r"tensorflow_hub\.KerasLayer", "Layer"),
    (_KERAS + r"optimizers\.(?:\w+\.)*[A-Z]\w*", "Optimizer"),
    (r"tf\.optimizers\.[A-Z]\w*", "Optimizer"),
    (_KERAS + r"(?:metrics)\.[A-Z]\w*|tf\.metrics\.[A-Z]\w*", "Metric"),
    (_KERAS + r"(?:losses)\.[A-Z]\w*|tf\.losses\.[A-Z]\w*", "Loss"),
    (_KERAS + r"callbacks\.[A-Z]\w*", "Callback"),
    (_KERAS + r"callbacks\.History", "History"),
    (_KERAS + r"optimizers\.schedules\.[A-Z]\w*", "Schedule"),
    (r"tf\.Module", "Module"),
    (r"tf\.ragged\.\w+|tf\.RaggedTensor\.from_\w+", "Ragged"),
    (_KERAS + r"preprocessing\.text\.(?:Tokenizer|tokenizer_from_json)", "Tokenizer"),
    (r"tf\.(?:compat\.v1\.)?data\.(?:experimental\.)?(?:\w+\.)?(?:Dataset|\w+Dataset|make_\w+_dataset)(?:\.\w+)?", "Dataset"),
    (_KERAS + r"(?:utils|preprocessing)\.(?:\w+\.)?(?:\w+_dataset_from_\w+|timeseries_dataset_\w+)", "Dataset"),
    (r"tf\.(?:compat\.v1\.)?(?:Session|InteractiveSession)", "Session"),
    (r"tf\.(?:compat\.v1\.)?(?:Variable|get_variable)", "Variable"),
    (r"tf\.(?:compat\.v1\.)?estimator\.[A-Z]\w*(?:Estimator|Classifier|Regressor)", "Estimator"),
    (_KERAS + r"estimator\.model_to_estimator", "Estimator"),
    (r"tf\.(?:compat\.v1\.)?distribute\.(?:\w+\.)*\w*Strategy", "Strategy"),
    (r"tf\.(?:constant|convert_to_tensor|zeros|ones|fill|range|linspace|eye|cast|reshape|transpose|"
     r"(?:zeros|ones)_like|concat|stack|expand_dims|squeeze|tile|gather|gather_nd|one_hot|matmul|"
     r"tensordot|einsum|add|subtract|multiply|divide|pow|sqrt|square|exp|abs|sign|maximum|minimum|"
     r"add_n|where|reduce_\w+|argmax|argmin|sigmoid|tanh|norm|pad|slice|clip_by_\w+|identity|"
     r"placeholder|random_uniform|random_normal|truncated_normal|stop_gradient|"
     r"random\.(?:normal|uniform|truncated_normal|gamma|poisson|categorical)|"
     r"(?:nn|math|linalg|image|signal)\.[a-z]\w*)", "Tensor"),
)  # fmt: skip
_NOT_TENSORS = re.compile(
    r"tf\.nn\.(?:rnn_cell|dynamic_rnn|bidirectional_dynamic_rnn|static_rnn|moments|top_k|"
    r"fused_batch_norm|weighted_moments)|tf\.(?:image\.decode_and_crop|linalg\.(?:svd|qr|eigh|eig))"
)
_COMPILED = [(re.compile(rule), kind) for rule, kind in _RULES]
_CACHE: dict[str, str] = {}

# What the methods of an object of a kind return, where it is of a kind itself.
_METHODS = {
    "Model": {
        "fit": "History", "fit_generator": "History", "get_layer": "Layer", "predict": "",
        "evaluate": "", "to_json": "", "get_weights": "", "predict_generator": "",
    },
    "Layer": {"get_weights": "", "get_config": "", "add_weight": "Variable"},
    "Dataset": {
        "make_one_shot_iterator": "Iterator", "make_initializable_iterator": "Iterator",
        "as_numpy_iterator": "", "reduce": "?",
    },
    "Tensor": {"numpy": "", "get_shape": "Shape", "eval": ""},
    "KerasTensor": {"get_shape": "Shape"},
    "Variable": {"numpy": "", "get_shape": "Shape", "read_value": "Tensor", "value": "Tensor"},
}  # fmt: skip
_ATTRIBUTES = {
    "Model": {
        "layers": "Layers", "inputs": "KerasTensors", "outputs": "KerasTensors", "history": "History",
        "optimizer": "Optimizer", "input": "KerasTensor", "output": "KerasTensor",
        **dict.fromkeys(("trainable_variables", "trainable_weights", "weights"), "KerasVariables"),
    },
    "Layer": {
        "input": "KerasTensor", "output": "KerasTensor",
        **dict.fromkeys(("kernel", "bias", "gamma", "beta", "embeddings"), "KerasVariable"),
        **dict.fromkeys(("trainable_variables", "trainable_weights", "weights"), "KerasVariables"),
    },
    "Tensor": {"shape": "Shape"},
    "KerasTensor": {"shape": "Shape"},
    "Variable": {"shape": "Shape"},
    "Optimizer": {"learning_rate": "LearningRate"},
    "History": {"history": "HistoryDict", "model": "Model"},
    "Callback": {"model": "Model"},
    "Bidirectional": {"forward_layer": "Layer", "backward_layer": "Layer"},
}  # fmt: skip


def kind_of(path: str) -> str:
    """The kind of object that calling a canonical name gives; ``""`` if none that patterns name."""
    if path not in _CACHE:
        found = ""
        if not _NOT_TENSORS.match(path):
            for rule, kind in _COMPILED:
                if rule.fullmatch(path):
                    found = kind
        _CACHE[path] = found
    return _CACHE[path]


def called(symbol: Symbol) -> Value:
    """What calling a library's class or function gives."""
    root = symbol.path.partition(".")[0]
    kind = kind_of(symbol.path)
    if kind:
        return Instance(kind, symbol.path, doubt=symbol.doubt)
    if root in _STRANGERS:
        return FOREIGN
    last = symbol.path.rpartition(".")[2]
    if root in LIBRARIES and last[:1].isupper():
        return Instance("", symbol.path, doubt=symbol.doubt)
    return UNKNOWN


def method_result(instance: Instance, name: str) -> Value:
    """What a method of an object returns."""
    kind = _METHODS.get(instance.kind, {}).get(name)
    if kind is None and instance.kind == "Dataset":
        kind = "Dataset"
    if kind == "?":
        return UNKNOWN
    if kind is None:
        return Instance("Tensor") if instance.kind in ("Tensor", "Variable") else UNKNOWN
    return Instance(kind, doubt=instance.doubt) if kind else FOREIGN


def attribute(instance: Instance, name: str) -> Value:
    """What an attribute of an object is."""
    kind = _ATTRIBUTES.get(instance.kind, {}).get(name)
    if kind is None:
        return UNKNOWN
    return Instance(kind, doubt=instance.doubt) if kind else FOREIGN


def is_stranger(path: str) -> bool:
    """Whether a module is a well-known library that has nothing of TensorFlow's."""
    return path.partition(".")[0] in _STRANGERS


_GUESSES = {
    "Model": re.compile(r"(?:^|_)(?:model|net|network|autoencoder)\d*$|^model|Model$", re.I),
    "Layer": re.compile(r"(?:^|_)layer\d*$", re.I),
    "Optimizer": re.compile(r"(?:^|_)(?:opt|optimizer|optim)\d*$", re.I),
    "History": re.compile(r"(?:^|_)(?:hist|history|h)\d*$|^hist", re.I),
    "Dataset": re.compile(r"(?:^|_)(?:ds|dataset)\d*$", re.I),
    "Tokenizer": re.compile(r"(?:^|_)tokenizer\d*$", re.I),
    "Session": re.compile(r"(?:^|_)sess(?:ion)?$", re.I),
    "Strategy": re.compile(r"strategy$", re.I),
}


def guess(kind: str, name: str) -> bool:
    """Whether people give this name to an object of the kind."""
    rule = _GUESSES.get(kind)
    return bool(rule and rule.search(name))
