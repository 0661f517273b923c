"""Cards of texts and speech."""

from __future__ import annotations

from tfnotes.data.cards import Card, Edition, File

CARDS = (
    Card(
        name="shakespeare",
        what="Tiny Shakespeare: 40,000 lines of his plays in one file",
        shapes="text: 1,115,394 characters, 65 different ones",
        licence="public domain text",
        source="karpathy/char-rnn; TensorFlow's download area",
        editions=(
            Edition(
                "the file of TensorFlow's text-generation tutorial",
                (
                    File(
                        "datasets/shakespeare.txt",
                        1115394,
                        "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed",
                        url="https://storage.googleapis.com/download.tensorflow.org/data/"
                        "shakespeare.txt",
                    ),
                ),
            ),
        ),
        standin="lines of five of Shakespeare's sonnets, dealt to speakers at random until the "
        "text has some 60,000 characters",
    ),
    Card(
        name="imdb",
        what="film reviews, half of them good and half bad, as raw text",
        shapes="x: lists of str, y (n,) int64, 2 classes",
        licence="none stated; published for research with citation (Maas et al., ACL 2011)",
        source="Stanford AI Lab, Large Movie Review Dataset",
        editions=(
            Edition(
                "the official archive",
                (
                    File(
                        "datasets/aclImdb_v1.tar.gz",
                        84125825,
                        "c40f74a18d3b61f90feba1e17730e0d38e8b97c05fde7008942e91923d1658fe",
                        url="https://ai.stanford.edu/~amaas/data/sentiment/aclImdb_v1.tar.gz",
                        aliases=("datasets/aclImdb_v1_archive",),
                    ),
                ),
            ),
            Edition(
                "49,992 of its 50,000 labelled reviews, repacked",
                (
                    File(
                        "datasets/aclImdb_no_unsup.tar.gz",
                        27788043,
                        "e813f598ea0792ed74c0cc1afce34514f77c6bdf86893a8f60f22610fb623223",
                    ),
                ),
            ),
        ),
        standin="1,000 generated reviews of two to five sentences (800 train, 200 test)",
    ),
    Card(
        name="cmn_eng",
        what="English sentences with a Chinese translation",
        shapes="24,026 pairs of str, each with its attribution",
        licence="CC BY 2.0 FR (Tatoeba; every line carries its attribution)",
        source="ManyThings.org, Anki sentence pairs, cmn-eng (by hand: editions change)",
        editions=(
            Edition(
                "cmn.txt, an older edition",
                (
                    File(
                        "datasets/cmn-eng/cmn.txt",
                        3424599,
                        "6d9734ce952db2b694ac8a6abae52b445f8dbc6a599959b0971a2bc74eec1918",
                        published=False,
                    ),
                ),
            ),
        ),
        standin="1,000 pairs made from a small grammar that was written for this site",
    ),
    Card(
        name="speech_digits",
        what="the words zero to nine, spoken by six people",
        shapes="waves: float32 at 8,000 Hz, of different lengths; labels (n,) int32",
        licence="CC BY-SA 4.0",
        source="Jakobovski/free-spoken-digit-dataset, release 1.0.9",
        editions=(
            Edition(
                "the official release, 3,000 recordings",
                (
                    File(
                        "datasets/free-spoken-digit-dataset-1.0.9.tar.gz",
                        11975353,
                        "8bc44cde129d505cbbb6b365c09f80c663f2aa77578afc634e6141a2f87100c0",
                        url="https://github.com/Jakobovski/free-spoken-digit-dataset/archive/"
                        "v1.0.9.tar.gz",
                    ),
                ),
            ),
            Edition(
                "600 of its recordings, ten takes a digit and speaker",
                (
                    File(
                        "datasets/free_spoken_digits_600.tar.gz",
                        3113091,
                        "b9f255e96afa9b3686508572223a086c4e57aa7b319b001876e29c03c8f49968",
                    ),
                ),
            ),
        ),
        standin="120 synthetic sounds: each digit is a pair of gliding tones, each speaker a pitch",
    ),
)
