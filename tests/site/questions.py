"""Questions that the search answered wrongly before it knew slips and words in any order.

They were typed as a learner would, with the page decided before the search was asked; the same test
asks them as asks those of ``searches.py``. Half of them name nothing that a page is called.
"""

CHINESE: dict[str, str] = {
    "验证集 loss 不降反升": "keras/regularization",
    "tf.data 卡住": "data/performance data/tf-data graphs/profiling",
    "训练到一半断电了怎么接着训练": "keras/save-load keras/callbacks",
    "ValueError: Shapes (None, 1) and (None, 10) are incompatible": "autodiff/losses",
    "sparse_categorical_crossentropy 和 categorical_crossentropy 区别": "autodiff/losses",
    "tf.cast 报错 类型不匹配": "tensors/dtypes",
    "取出某一列": "tensors/indexing",
    "tensorflow 占满整张显卡": "graphs/gpu-memory",
    "persistent=True": "autodiff/gradient-tape",
    "每次训练结果都不一样": "tensors/random",
    "训练集准确率很高 测试集很低": "keras/regularization",
    "dropot": "keras/regularization",
    "tensorbord": "keras/tensorboard",
    "lambda 层 保存后读不出来": "keras/save-load keras/custom-layers",
    "图片大小不一样怎么组成批次": "data/images data/tf-data data/augmentation",
    "怎么防止过拟合": "keras/regularization",
    "模型在新数据上表现很差": "keras/regularization keras/cross-validation keras/evaluate-predict",
    "DataLoader 对应什么": "data/tf-data data/generators data/performance",
    "ValueError: No gradients provided for any variable": "autodiff/gradient-tape",
    "卷机神经网络": "vision/cnn",
    "验证集和测试集有什么区别": "keras/cross-validation keras/fit",
    "两个 loss 加权": "keras/functional",
    "loss 一直不下降": "autodiff/linear-regression keras/compile structured/regression keras/fit",
    "怎样读取 excel 数据训练": "data/csv",
    "计算平均值 axis": "tensors/operations",
    "梯度累加": "keras/custom-training",
    "Failed to get convolution algorithm": "graphs/gpu-memory",
    "图像归一化到 0-1": "data/images keras/evaluate-predict vision/transfer start/hello data/augmentation structured/regression keras/deploy",
    "两台电脑一起训练": "distributed/multi-worker",
    "epsilon 贪心": "rl/dqn",
    "反转张量": "tensors/indexing",
    "张量转置": "tensors/operations",
    "图片解码报错": "data/images",
    "VGG16 参数为什么这么多": "vision/classic-cnns",
}

ENGLISH: dict[str, str] = {
    "val_loss goes up while train loss goes down": "keras/regularization",
    "ValueError: Shapes (None, 1) and (None, 10) are incompatible": "autodiff/losses keras/compile keras/fit",
    "what does None mean in output shape": "keras/sequential",
    "lerning rate decay": "keras/callbacks keras/compile",
    "droput layer": "keras/regularization",
    "tranformer encoder": "text/transformer",
    "training=True in call": "keras/custom-layers keras/subclassing keras/regularization keras/inspect-and-freeze keras/custom-training",
    "difference between tf.Variable and tf.constant": "tensors/variables",
    "predict tomorrow from the last 7 days": "structured/forecasting data/time-windows",
    "loss not decreasing": "autodiff/linear-regression keras/compile structured/regression keras/fit",
    "pytorch DataLoader equivalent": "data/tf-data data/generators data/performance",
    "zero_grad in tensorflow": "autodiff/gradient-tape keras/custom-training",
    "ValueError: No gradients provided for any variable": "autodiff/gradient-tape",
    "two losses weighted": "keras/functional",
    "split into train and test": "keras/cross-validation keras/fit",
    "why is first epoch slow": "graphs/tf-function graphs/profiling data/performance graphs/speedup",
    "augment images only while training": "data/augmentation",
    "text to integers": "data/tokenizing",
    "train on two computers": "distributed/multi-worker",
    "vizualize training": "keras/tensorboard keras/fit",
    "eager vs graph speed": "graphs/speedup",
    "tf.range": "tensors/tensors",
}

MISTYPED: dict[str, str] = {
    "dropot": "dropout",
    "tensorbord": "tensorboard",
    "bidirectonal": "bidirectional",
    "receptve field": "receptive",
    "卷机神经网络": "卷积神经网络",
    "注意力机智": "注意力机制",
}
"""What was typed, and the word of it that is searched for instead."""

AS_TYPED = ("EarlyStopping", "tf.reduce_sum", "图片大小", "文本分割", "qwertyuiop", "resnet50")
"""What must not be taken for a slip."""
