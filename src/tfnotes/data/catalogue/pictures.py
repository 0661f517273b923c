"""Cards of the picture sets."""

from __future__ import annotations

from tfnotes.data.cards import Card, Edition, File

_KERAS = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
_PETS = "https://thor.robots.ox.ac.uk/~vgg/data/pets/"


def _fashion(name: str, size: int, sha256: str) -> File:
    return File(f"datasets/fashion-mnist/{name}", size, sha256, url=_KERAS + name)


CARDS = (
    Card(
        name="mnist",
        what="handwritten digits, 60,000 for training and 10,000 for testing",
        shapes="x (n, 28, 28) uint8, y (n,) uint8, 10 classes",
        licence="CC BY-SA 3.0 (Yann LeCun and Corinna Cortes), as the Keras documentation says",
        source="keras.datasets.mnist",
        editions=(
            Edition(
                "the file that keras.datasets.mnist loads",
                (
                    File(
                        "datasets/mnist.npz",
                        11490434,
                        "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1",
                        url=_KERAS + "mnist.npz",
                    ),
                ),
            ),
        ),
        standin="the 1,797 digits of scikit-learn's load_digits (8 x 8, UCI), enlarged to 28 x 28; "
        "the first 1,437 train, the last 360 test",
    ),
    Card(
        name="fashion_mnist",
        what="pictures of clothes, 60,000 for training and 10,000 for testing",
        shapes="x (n, 28, 28) uint8, y (n,) uint8, 10 classes",
        licence="MIT (Zalando SE)",
        source="keras.datasets.fashion_mnist",
        editions=(
            Edition(
                "the files that keras.datasets.fashion_mnist loads",
                (
                    _fashion(
                        "train-images-idx3-ubyte.gz",
                        26421880,
                        "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
                    ),
                    _fashion(
                        "train-labels-idx1-ubyte.gz",
                        29515,
                        "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
                    ),
                    _fashion(
                        "t10k-images-idx3-ubyte.gz",
                        4422102,
                        "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
                    ),
                    _fashion(
                        "t10k-labels-idx1-ubyte.gz",
                        5148,
                        "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
                    ),
                ),
            ),
        ),
        standin="1,500 drawn silhouettes of the same ten kinds of clothes (1,200 train, 300 test)",
    ),
    Card(
        name="cifar100",
        what="colour photographs of 100 things in 20 groups, 50,000 for training, 10,000 to test",
        shapes="x (n, 32, 32, 3) uint8, y (n, 1) int64, 100 fine or 20 coarse classes",
        licence="none stated; published for research with citation (Krizhevsky, 2009)",
        source="keras.datasets.cifar100",
        editions=(
            Edition(
                "the archive that keras.datasets.cifar100 loads",
                (
                    File(
                        "datasets/cifar-100-python.tar.gz",
                        169001437,
                        "85cd44d02ba6437773c5bbd22e183051d648de2e7d6b014e1ef29b855ba677a7",
                        url="https://www.cs.toronto.edu/~kriz/cifar-100-python.tar.gz",
                        aliases=("datasets/cifar-100-python-target_archive",),
                    ),
                ),
            ),
        ),
        standin="2,500 drawn patterns, 20 + 5 for each fine class: colour tells the group, "
        "the stripes tell the class",
    ),
    Card(
        name="pets",
        what="photographs of cats and dogs of 37 breeds, with the animal's outline",
        shapes="x (n, size, size, 3) uint8, y (n,) int32, masks (n, size, size) uint8, 2 classes",
        licence="CC BY-SA 4.0 (Oxford VGG; the photographs remain their owners')",
        source="Oxford VGG, The Oxford-IIIT Pet Dataset",
        editions=(
            Edition(
                "the official archives, 7,349 labelled photographs",
                (
                    File(
                        "datasets/oxford-iiit-pet/images.tar.gz",
                        791918971,
                        "67195c5e1c01f1ab5f9b6a5d22b8c27a580d896ece458917e61d459337fa318d",
                        url=_PETS + "images.tar.gz",
                    ),
                    File(
                        "datasets/oxford-iiit-pet/annotations.tar.gz",
                        19173078,
                        "52425fb6de5c424942b7626b428656fcbd798db970a937df61750c0f1d358e91",
                        url=_PETS + "annotations.tar.gz",
                    ),
                ),
            ),
            Edition(
                "ten photographs of each breed, 256 pixels wide, with redrawn masks",
                (
                    File(
                        "datasets/oxford_pets_sample.tar.gz",
                        5512393,
                        "cd224aa4c314d11d9c38fa25ec3b001a5118133546ef78a59ee932beca5a444a",
                    ),
                ),
            ),
        ),
        standin="200 drawn animals: cats with pointed ears, dogs with hanging ones",
    ),
)
