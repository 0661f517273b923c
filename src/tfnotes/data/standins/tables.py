"""Stand-ins for the tables: invented rows with the columns, ranges and gaps of the real ones."""

from __future__ import annotations

from typing import Any

import numpy as np

from tfnotes.core.errors import TfnotesError
from tfnotes.data import names


def iris() -> dict[str, Any]:
    """Return scikit-learn's copy of Iris, which differs from UCI's in three cells."""
    try:
        from sklearn.datasets import load_iris
    except ImportError as error:
        raise TfnotesError("the stand-in for Iris needs scikit-learn; install it") from error
    flowers = load_iris()
    return {
        "x": flowers.data.astype(np.float32),
        "y": flowers.target.astype(np.int32),
        "features": names.IRIS_FEATURES,
        "classes": names.IRIS,
    }


def auto_mpg() -> dict[str, Any]:
    """Invent 398 cars; six horsepowers are missing, as in the real table."""
    rng = np.random.default_rng(4)
    n = 398
    cylinders = rng.choice([3, 4, 5, 6, 8], n, p=[0.01, 0.51, 0.01, 0.21, 0.26])
    weight = np.round(1400 + 330 * cylinders + rng.normal(0, 300, n)).clip(1613, 5140)
    displacement = np.round(cylinders * 35 - 30 + rng.normal(0, 15, n)).clip(68, 455)
    horsepower = np.round(25 + 0.027 * weight + rng.normal(0, 12, n)).clip(46, 230)
    acceleration = np.round(21 - 0.055 * horsepower + rng.normal(0, 1.6, n), 1).clip(8, 24.8)
    year = np.sort(rng.integers(70, 83, n))
    origin = np.where(cylinders > 4, 1, rng.integers(1, 4, n))
    mpg = 46 - 0.0066 * weight - 0.03 * horsepower + 0.6 * (year - 76)
    mpg = np.round(mpg + rng.normal(0, 2.2, n), 1).clip(9, 46.6)
    horsepower[rng.choice(n, 6, replace=False)] = np.nan
    cars = np.array([f"invented car {i + 1}" for i in range(n)])
    columns = (mpg, cylinders, displacement, horsepower, weight, acceleration, year, origin, cars)
    return {"columns": dict(zip(names.AUTO_MPG, map(_tidy, columns), strict=True))}


def _tidy(column: np.ndarray) -> np.ndarray:
    return column.astype(np.int64) if column.dtype.kind == "i" else column


def titanic() -> dict[str, Any]:
    """Invent 891 passengers; women, children and the first class survive more often."""
    rng = np.random.default_rng(5)
    n = 891
    pclass = rng.choice([1, 2, 3], n, p=[0.24, 0.21, 0.55])
    sex = rng.choice(["male", "female"], n, p=[0.65, 0.35])
    age = np.round(rng.gamma(5, 6, n) + 5 * (2 - pclass)).clip(1, 80)
    sibsp, parch = rng.poisson(0.5, n).clip(0, 8), rng.poisson(0.4, n).clip(0, 6)
    fare = np.round(np.array([84.0, 21.0, 13.5])[pclass - 1] * rng.lognormal(-0.3, 0.7, n), 4)
    score = 2.5 * (sex == "female") + 0.9 * (3 - pclass) - 0.03 * age - 1.1
    survived = (rng.random(n) < 1 / (1 + np.exp(-score))).astype(np.int64)
    age[rng.choice(n, 177, replace=False)] = np.nan
    port = rng.choice(["S", "C", "Q"], n, p=[0.72, 0.19, 0.09])
    port[rng.choice(n, 2, replace=False)] = ""
    cabin = np.array([f"{rng.choice(list('ABCDE'))}{rng.integers(2, 130)}" for _ in range(n)])
    cabin[rng.choice(n, 687, replace=False)] = ""
    title = np.where(sex == "male", "Mr.", "Ms.")
    person = np.array([f"Passenger {i + 1}, {title[i]}" for i in range(n)])
    ticket = rng.integers(1000, 400000, n).astype(str)
    number = np.arange(1, n + 1)
    columns = (number, survived, pclass, person, sex, age, sibsp, parch, ticket, fare, cabin, port)
    return {"columns": dict(zip(names.TITANIC, map(_tidy, columns), strict=True))}


def air_passengers() -> dict[str, Any]:
    """Generate twelve years of growth with a season that grows along."""
    rng = np.random.default_rng(6)
    month = np.arange(144)
    trend = 115 * np.exp(0.0100 * month)
    season = 1 + 0.16 * np.sin(2 * np.pi * (month - 3) / 12) + 0.05 * np.sin(np.pi * month / 3)
    passengers = np.round(trend * season * rng.normal(1, 0.02, 144)).astype(np.int64)
    months = np.array([f"{1949 + m // 12}-{m % 12 + 1:02d}" for m in month])
    return {"columns": dict(zip(names.AIR_PASSENGERS, (months, passengers), strict=True))}
