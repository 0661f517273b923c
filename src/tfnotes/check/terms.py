"""Chinese terms that the pages do not use, and what they use instead.

One idea has one name on all pages. The glossary page explains the names; this list only catches
the other words that writers' hands know. A word that is right in some other sense (管道, 时代) must
not be here.
"""

VARIANTS = {
    "急切执行": "即时执行",
    "立即执行": "即时执行",
    "饥饿执行": "即时执行",
    "按元素": "逐元素",
    "元素级": "逐元素",
    "学习速率": "学习率",
    "自动求导": "自动微分",
    "自动求微分": "自动微分",
    "渐变带": "梯度带",
    "梯度磁带": "梯度带",
    "重追踪": "重新追踪",
    "再追踪": "重新追踪",
    "损耗函数": "损失函数",
    "过度拟合": "过拟合",
    "混洗": "打乱",
    "洗牌": "打乱",
    "预读取": "预取",
    "张量流": "TensorFlow",
    "代码段": "代码片段",
    "优化程序": "优化器",
    "矩阵相乘": "矩阵乘法",
    "提前停止": "早停",
    "独热": "one-hot",
    "条轴": "个轴",
    "您": "你",
}
