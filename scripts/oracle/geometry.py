"""Writes what torchvision makes of a picture, for the operations that move pixels.

Argument: the folder to write to, data-aug/src/test/resources/golden. `geometry.jsonl` has one line for
each case, as `augmentation.py` writes them, but with all numbers of the operation behind its name, and
the size of the result. The picture is always that of `SHAPE`.

Everything is bilinear in float64 on tensors, as pixels are interpolated in Convoy; Pillow's own
interpolation takes other pixels at the edges. What is only copied is compared to the bit.
"""

import math
import pathlib
import sys

import numpy
import torch
import torch.nn.functional
from torchvision.transforms import functional as F

import augmentation
import counter

SHAPE = (40, 48, 3)
HEIGHT, WIDTH, _ = SHAPE
BILINEAR = F.InterpolationMode.BILINEAR


def affine(angle=0.0, right=0, down=0, scale=1.0, shear=0.0):
    # torchvision counts angles clockwise here.
    return lambda img: F.affine(
        img, -angle, [right, down], scale, [shear, 0.0], interpolation=BILINEAR
    )


def shift(right, down):
    """By fractions of a pixel, which torchvision would round."""

    def move(img):
        y, x = torch.meshgrid(
            torch.arange(HEIGHT, dtype=img.dtype),
            torch.arange(WIDTH, dtype=img.dtype),
            indexing="ij",
        )
        return sampled(img, x - right, y - down, "zeros")

    return move


def sampled(img, x, y, outside):
    """Pixels from other places; `align_corners` counts from the middles of pixels, as we do."""
    grid = torch.stack([x / (WIDTH - 1) * 2 - 1, y / (HEIGHT - 1) * 2 - 1], dim=-1)
    return torch.nn.functional.grid_sample(
        img[None], grid[None], mode="bilinear", padding_mode=outside, align_corners=True
    )[0]


def perspective(*corners):
    # The middles of pixels move; torchvision computes with their upper left corners.
    right, bottom = WIDTH - 0.5, HEIGHT - 0.5
    start = [[0.5, 0.5], [right, 0.5], [right, bottom], [0.5, bottom]]
    end = [[corners[i] + 0.5, corners[i + 1] + 0.5] for i in range(0, 8, 2)]
    return lambda img: F.perspective(img, start, end, interpolation=BILINEAR)


def resized_crop(x, y, height, width, to_height, to_width):
    return lambda img: F.resized_crop(
        img, y, x, height, width, [to_height, to_width], interpolation=BILINEAR
    )


def area(factor):
    return lambda img: torch.nn.functional.avg_pool2d(img, factor)


def pad(pixels, mode):
    return lambda img: F.pad(img, [pixels], padding_mode=mode)


GAMMA = 0x9E3779B97F4A7C15
MASK = (1 << 64) - 1


def mixed(number):
    return int(counter.mix(numpy.array([number & MASK], numpy.uint64))[0])


def uniforms(part, count, limit):
    """The values of KeyedRandom.of(part).uniform(-limit, limit)."""
    state = mixed((1 + GAMMA & MASK) ^ mixed(part + GAMMA))
    steps = numpy.arange(1, count + 1, dtype=numpy.uint64)
    bits = counter.mix(numpy.uint64(state) + steps * numpy.uint64(GAMMA)) >> numpy.uint64(11)
    return -limit + 2 * limit * (bits.astype(numpy.float64) * 2.0**-53)


def elastic(alpha, sigma, key):
    def deform(img):
        fields = torch.from_numpy(uniforms(key, 2 * HEIGHT * WIDTH, alpha))
        fields = fields.reshape(2, HEIGHT, WIDTH)
        radius = math.ceil(4 * sigma)  # four deviations to each side, as OpenCV
        fields = F.gaussian_blur(fields, [2 * radius + 1] * 2, [sigma, sigma])
        y, x = torch.meshgrid(
            torch.arange(HEIGHT, dtype=img.dtype),
            torch.arange(WIDTH, dtype=img.dtype),
            indexing="ij",
        )
        return sampled(img, x + fields[0], y + fields[1], "reflection")

    return deform


CASES = {
    "rotate 0": affine(),
    "rotate 30": affine(angle=30.0),
    "rotate -77.5": affine(angle=-77.5),
    "rotate 180": affine(angle=180.0),
    "translate 3.25 -2.5": shift(3.25, -2.5),
    "translate -7 11": affine(right=-7, down=11),
    "scale 1.3": affine(scale=1.3),
    "scale 0.6": affine(scale=0.6),
    "shear 20": affine(shear=20.0),
    "shear -35": affine(shear=-35.0),
    "flip": F.hflip,
    "vertical-flip": F.vflip,
    "crop 5 7 21 30": lambda img: F.crop(img, 7, 5, 21, 30),
    "crop -4 3 40 48": lambda img: F.crop(img, 3, -4, 40, 48),
    "center-crop 24": lambda img: F.center_crop(img, [24, 24]),
    "center-crop 29": lambda img: F.center_crop(img, [29, 29]),
    "center-crop 45": lambda img: F.center_crop(img, [45, 45]),
    "pad 4 BLACK": pad(4, "constant"),
    "pad 9 REFLECT": pad(9, "reflect"),
    "resized-crop 5 7 21 30 40 48": resized_crop(5, 7, 21, 30, 40, 48),
    "resized-crop 0 0 40 48 32 32": resized_crop(0, 0, 40, 48, 32, 32),
    "resized-crop 3 2 31 40 50 23": resized_crop(3, 2, 31, 40, 50, 23),
    "resized-crop 0 0 40 48 20 24": area(2),
    "resized-crop 0 0 40 48 10 12": area(4),
    "perspective 5 3 40 6 44 39 2 30": perspective(5, 3, 40, 6, 44, 39, 2, 30),
    "perspective 0 0 47 0 35 28 11 28": perspective(0, 0, 47, 0, 35, 28, 11, 28),
    "elastic 34 4 5": elastic(34.0, 4.0, 5),
    "elastic 8 2 6": elastic(8.0, 2.0, 6),
}


def main(folder):
    picture = torch.from_numpy(augmentation.picture(*SHAPE)).permute(2, 0, 1).double()
    lines = []
    for name, function in CASES.items():
        result = function(picture).permute(1, 2, 0).numpy()
        levels = numpy.rint(result).clip(0, 255).astype(numpy.uint8)
        lines.append(augmentation.case(name, 0, levels.shape, levels))
    augmentation.write(pathlib.Path(folder) / "geometry.jsonl", lines)


if __name__ == "__main__":
    main(sys.argv[1])
