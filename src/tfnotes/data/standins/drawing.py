"""Drawing small pictures with NumPy alone: enlarging, filling polygons, clothes and heads."""

from __future__ import annotations

import numpy as np

Points = list[tuple[float, float]]


def enlarge(pictures: np.ndarray, size: int) -> np.ndarray:
    """Scale square pictures up to ``size`` x ``size`` by linear interpolation."""
    old = pictures.shape[-1]
    place = np.clip((np.arange(size) + 0.5) * old / size - 0.5, 0, old - 1)
    weights = np.maximum(0, 1 - np.abs(place[:, None] - np.arange(old)))
    enlarged: np.ndarray = weights @ pictures @ weights.T
    return enlarged


def fill(points: Points, size: int) -> np.ndarray:
    """Return how much of each pixel lies in a polygon with corners between 0 and 1 (y down)."""
    cover = np.zeros((size, size))
    corners = np.clip(np.array(points) * size, 0, size)
    left, top = np.floor(corners.min(axis=0)).astype(int)
    right, bottom = np.ceil(corners.max(axis=0)).astype(int)
    if left == right or top == bottom:
        return cover
    # Four points a pixel, and only in the box around the polygon.
    y, x = (np.mgrid[2 * top : 2 * bottom, 2 * left : 2 * right] + 0.5) / (2 * size)
    inside = np.zeros(x.shape, bool)
    for (x1, y1), (x2, y2) in zip(points, points[1:] + points[:1], strict=True):
        if y1 != y2:  # count the edges that a ray to the right crosses
            crossing = (y1 > y) != (y2 > y)
            inside ^= crossing & (x < x1 + (x2 - x1) * (y - y1) / (y2 - y1))
    parts = inside.reshape(bottom - top, 2, right - left, 2)
    cover[top:bottom, left:right] = parts.mean(axis=(1, 3))
    return cover


def ellipse(cx: float, cy: float, rx: float, ry: float) -> Points:
    """Return the corners of a polygon that looks like an ellipse."""
    angles = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    return [(cx + rx * float(np.cos(a)), cy + ry * float(np.sin(a))) for a in angles]


def _top(sleeve: float, hem: float, half: float) -> Points:
    """Outline a garment with sleeves that reach down to ``sleeve``, its right half mirrored."""
    left = [(0.42, 0.14), (0.30, 0.17), (0.12, sleeve), (0.22, sleeve + 0.06), (0.33, 0.36)]
    left.append((0.5 - half, hem))
    return left + [(1 - x, y) for x, y in reversed(left)]


_BAND = [(0.48, 0.15), (0.52, 0.15), (0.52, 0.9), (0.48, 0.9)]
_BAG = [(0.14, 0.42), (0.86, 0.42), (0.82, 0.84), (0.18, 0.84)]
_HANDLE = [(0.3, 0.42), (0.36, 0.2), (0.64, 0.2), (0.7, 0.42), (0.64, 0.42), (0.6, 0.27)]
_LEGS = [(0.34, 0.1), (0.66, 0.1), (0.72, 0.92), (0.56, 0.92), (0.5, 0.35), (0.44, 0.92)]
_DRESS = [(0.42, 0.08), (0.58, 0.08), (0.58, 0.4), (0.74, 0.94), (0.26, 0.94), (0.42, 0.4)]
_SOLE = [(0.06, 0.72), (0.94, 0.72), (0.94, 0.8), (0.06, 0.8)]
_STRAPS = [(0.3, 0.72), (0.5, 0.48), (0.58, 0.48), (0.4, 0.72), (0.78, 0.72), (0.86, 0.42)]
_SHOE = [(0.06, 0.66), (0.34, 0.6), (0.58, 0.42), (0.92, 0.46), (0.94, 0.76), (0.06, 0.76)]
_BOOT = [(0.06, 0.72), (0.36, 0.58), (0.5, 0.2), (0.86, 0.2), (0.9, 0.84), (0.06, 0.84)]

# label: outline in a light grey and details on it in a darker or lighter one
_GARMENTS: dict[int, tuple[list[Points], list[Points]]] = {
    0: ([_top(0.32, 0.86, 0.18)], []),
    1: ([[*_LEGS, (0.28, 0.92)]], []),
    2: ([_top(0.72, 0.86, 0.18)], []),
    3: ([_DRESS], []),
    4: ([_top(0.78, 0.95, 0.22)], [_BAND]),
    5: ([_SOLE, [*_STRAPS, (0.92, 0.42), (0.9, 0.72)]], []),
    6: ([_top(0.42, 0.9, 0.17)], [_BAND, [(0.42, 0.12), (0.58, 0.12), (0.5, 0.26)]]),
    7: ([_SHOE], [[(0.06, 0.7), (0.94, 0.7), (0.94, 0.76), (0.06, 0.76)]]),
    8: ([_BAG, [*_HANDLE, (0.4, 0.27), (0.36, 0.42)]], [[(0.14, 0.5), (0.86, 0.5), (0.5, 0.56)]]),
    9: ([_BOOT], [[(0.06, 0.79), (0.9, 0.79), (0.9, 0.84), (0.06, 0.84)]]),
}


def garment(label: int, rng: np.random.Generator) -> np.ndarray:
    """Draw one piece of clothing as 28 x 28 bytes, white on black, never the same twice."""
    outlines, details = _GARMENTS[label]
    stretch, shift = rng.uniform(0.8, 1.08, 2), rng.normal(0, 0.02, 2)
    grey, shade = rng.uniform(0.45, 0.95), rng.uniform(-0.35, 0.2)

    def moved(points: Points) -> Points:
        jitter = rng.normal(0, 0.012, (len(points), 2))
        placed = (np.array(points) - 0.5) * stretch + 0.5 + shift + jitter
        return [(float(x), float(y)) for x, y in placed]

    shape = np.max([fill(moved(points), 28) for points in outlines], axis=0)
    picture = grey * shape
    for points in details:
        picture += shade * fill(moved(points), 28) * shape
    picture += rng.normal(0, 0.06, (28, 28)) * shape
    return to_bytes(picture)


def to_bytes(picture: np.ndarray) -> np.ndarray:
    """Turn values that should lie between 0 and 1 into bytes."""
    clipped: np.ndarray = (np.clip(picture, 0, 1) * 255).astype(np.uint8)
    return clipped


def head(dog: bool, size: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Draw an animal's head; return the picture (size, size, 3) and its mask, both uint8."""
    cx, cy = rng.uniform(0.4, 0.6, 2)
    r = rng.uniform(0.2, 0.28)
    parts = [fill(ellipse(cx, cy, r, r * (1.15 if dog else 0.95)), size)]
    for side in (-1, 1):
        if dog:
            parts.append(fill(ellipse(cx + side * r, cy, 0.35 * r, 0.9 * r), size))
        else:
            tip, inner = (cx + side * 0.9 * r, cy - 1.5 * r), (cx + side * 0.2 * r, cy - 0.8 * r)
            parts.append(fill([tip, inner, (cx + side * 0.95 * r, cy - 0.3 * r)], size))
    mask = np.max(parts, axis=0)
    dark = np.max(
        [
            fill(ellipse(cx + side * 0.4 * r, cy - 0.2 * r, 0.1 * r, 0.14 * r), size)
            for side in (-1, 1)
        ]
        + [fill(ellipse(cx, cy + 0.35 * r, 0.18 * r, 0.12 * r), size)],
        axis=0,
    )
    ground, fur = rng.uniform(0.3, 0.9, 3), rng.uniform(0.35, 0.9, 3) * (1.0, 0.85, 0.6)
    picture = ground * (1 - mask[..., None]) + fur * mask[..., None] * (1 - dark[..., None])
    picture += rng.normal(0, 0.04, picture.shape)
    return to_bytes(picture), (mask > 0.5).astype(np.uint8)
