"""Cards of the tables."""

from __future__ import annotations

from tfnotes.data.cards import Card, Edition, File

_UCI = "https://archive.ics.uci.edu/ml/machine-learning-databases/"

CARDS = (
    Card(
        name="iris",
        what="four measures of 150 iris flowers, 50 of each of three species",
        shapes="x (150, 4) float32, y (150,) int32, 3 classes",
        licence="CC BY 4.0 (UCI Machine Learning Repository)",
        source="UCI Machine Learning Repository, Iris",
        editions=(
            Edition(
                "UCI's file",
                (
                    File(
                        "datasets/iris.data",
                        4551,
                        "6f608b71a7317216319b4d27b4d9bc84e6abd734eda7872b71a458569e2656c0",
                        url=_UCI + "iris/iris.data",
                    ),
                ),
            ),
            Edition(
                "UCI's figures as a CSV file with a header",
                (
                    File(
                        "datasets/csv/iris.csv",
                        3867,
                        "a5d95be7b26150d9a56a3ba824c59abdafae169cb505cd4cc2d1f2c8dd19e9fe",
                    ),
                ),
            ),
        ),
        standin="scikit-learn's copy: the same 150 flowers, with the three cells in which UCI's "
        "file departs from Fisher's paper put right",
    ),
    Card(
        name="auto_mpg",
        what="fuel consumption of 398 cars of the years 1970 to 1982 and seven facts about each",
        shapes="398 rows x 9 columns; 6 horsepowers are missing",
        licence="CC BY 4.0 (UCI Machine Learning Repository)",
        source="UCI Machine Learning Repository, Auto MPG",
        editions=(
            Edition(
                "UCI's auto-mpg.data",
                (
                    File(
                        "datasets/auto-mpg.data",
                        30286,
                        "48b830e11feee5572525f8f1691ddb9d38d3d7b7063edcd8fca672c2a5e17d8d",
                        url=_UCI + "auto-mpg/auto-mpg.data",
                        published=False,
                    ),
                ),
            ),
        ),
        standin="398 invented cars: consumption follows weight, power and year, with noise",
    ),
    Card(
        name="titanic",
        what="passengers of the Titanic and who survived, in the layout of Kaggle's train.csv",
        shapes="891 rows x 12 columns; ages, cabins and two ports are missing",
        licence="none stated (Encyclopedia Titanica; Kaggle competition)",
        source="Kaggle, competition titanic, train.csv (by hand: it asks you to log in)",
        editions=(
            Edition(
                "Kaggle's train.csv",
                (
                    File(
                        "datasets/csv/titanic_train.csv",
                        60302,
                        "4a437fde05fe5264e1701a7387ac6fb75393772ba38bb2c9c566405af5af4bd7",
                        published=False,
                    ),
                ),
            ),
        ),
        standin="891 invented passengers: sex, class and age decide about survival, with noise",
    ),
    Card(
        name="air_passengers",
        what="airline passengers of every month from 1949 to 1960, in thousands",
        shapes="144 rows x 2 columns",
        licence="none stated (Box and Jenkins; ships with R)",
        source="R, datasets::AirPassengers (by hand: write it out as CSV)",
        editions=(
            Edition(
                "the series as a CSV file",
                (
                    File(
                        "datasets/csv/AirPassengers.csv",
                        1746,
                        "5f8b316b84545d9cfb05612298df8415ce4c44421c7012d109465564b07ebc06",
                        published=False,
                    ),
                ),
            ),
        ),
        standin="144 generated months: growth, a yearly season that grows with it, and noise",
    ),
)
