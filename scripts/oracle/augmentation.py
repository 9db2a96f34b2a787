"""Writes what torchvision and Pillow make of a picture, for the operations that Convoy has.

Argument: the folder to write to, data-aug/src/test/resources/golden. `photometric.jsonl` has one line
for each case: the operation with its parameters as numbers, the picture's size, a checksum of all
bytes of the result (CRC-32 of (H, W, C)), and some of its entries, by which a result that differs a
little can be compared. `autoaugment.json` has torchvision's tables of AutoAugment, and the magnitudes of
all bins of the three automatic policies.

Pictures are made by `picture`, the same as in the test class GoldenPictures, so no file holds them.
"""

import io
import json
import pathlib
import sys
import zlib

import numpy
import torch
from PIL import Image
from torchvision.transforms import functional as F
from torchvision.transforms import autoaugment

import counter

SIZES = [(40, 48, 3), (33, 17, 3), (40, 48, 1)]


def picture(height, width, channels):
    """A smooth pattern with some noise, of which every channel has its own range of levels.

    All in integers, so that Java has the same.
    """
    y, x, c = numpy.meshgrid(
        numpy.arange(height), numpy.arange(width), numpy.arange(channels), indexing="ij"
    )
    wave = abs((x * (5 + 2 * c) + y * (3 + 4 * (2 - c))) % 256 - 128)  # 0 to 128
    noise = counter.fractions(counter.key("picture"), height * width * channels) >> numpy.uint64(18)
    level = 20 + 10 * c + wave + noise.reshape(wave.shape).astype(int)  # 20 to 231
    return level.astype(numpy.uint8)


def image(array):
    return Image.fromarray(array[:, :, 0] if array.shape[2] == 1 else array)


def array(picture):
    result = numpy.asarray(picture)
    return result[:, :, None] if result.ndim == 2 else result


def jpeg(img, quality):
    file = io.BytesIO()
    img.save(file, "JPEG", quality=int(quality))
    return Image.open(io.BytesIO(file.getvalue()))


def blur(img, sigma):
    # Wide enough that no weight is left out which would change a level.
    kernel = 2 * int(numpy.ceil(4 * sigma)) + 1
    return F.gaussian_blur(img, [kernel, kernel], [sigma, sigma])


CASES = {
    "brightness": (F.adjust_brightness, [0.0, 0.3, 0.77, 1.0, 1.3, 2.5]),
    "contrast": (F.adjust_contrast, [0.0, 0.3, 0.77, 1.0, 1.3, 2.5]),
    "saturation": (F.adjust_saturation, [0.0, 0.3, 0.77, 1.0, 1.3, 2.5]),
    # Ours leaves a picture alone where hues do not move by 1/255; Pillow's way there and back does not.
    "hue": (F.adjust_hue, [-0.5, -0.21, -0.004, 0.004, 0.1, 0.33, 0.5]),
    "sharpness": (F.adjust_sharpness, [0.0, 0.3, 0.77, 1.0, 1.3, 2.5]),
    "posterize": (lambda img, bits: F.posterize(img, int(bits)), [1, 2, 4, 7, 8]),
    "solarize": (F.solarize, [0, 64.5, 128, 200, 256]),
    "grayscale": (lambda img, _: F.rgb_to_grayscale(img, len(img.getbands())), [0]),
    "invert": (lambda img, _: F.invert(img), [0]),
    "autocontrast": (lambda img, _: F.autocontrast(img), [0]),
    "equalize": (lambda img, _: F.equalize(img), [0]),
    "jpeg": (jpeg, [5, 30, 75, 95, 100]),
    "blur": (blur, [0.3, 1.0, 2.0]),
}

GEOMETRY = {
    "ShearX": [-0.3, 0.2],
    "ShearY": [-0.3, 0.2],
    "TranslateX": [-5.7, 9.2],
    "TranslateY": [-5.7, 9.2],
    "Rotate": [-30.0, 11.0],
}


def case(operation, parameter, shape, result):
    result = array(result)
    flat = result.reshape(-1)
    assert list(result.shape) == list(shape)
    return {
        "operation": operation,
        "parameter": float(parameter),
        "shape": list(shape),
        "crc": zlib.crc32(flat.tobytes()),
        "entries": [int(flat[i]) for i in counter.sampled(flat.size)],
    }


def photometric(folder):
    lines = []
    for shape in SIZES:
        img = image(picture(*shape))
        lines.append(case("identity", 0, shape, img))
        for operation, (function, parameters) in CASES.items():
            for parameter in parameters:
                lines.append(case(operation, parameter, shape, function(img, parameter)))
    # A picture of few levels, which equalize and autocontrast treat in their own way.
    flat = numpy.full((8, 8, 3), 77, numpy.uint8)
    for operation in ("autocontrast", "equalize"):
        result = CASES[operation][0](image(flat), 0)
        lines.append(case("flat " + operation, 0, flat.shape, result))
    write(folder / "photometric.jsonl", lines)


def automatic_geometry(folder):
    """What the automatic policies' geometric operations do; bilinear as ours, in float32."""
    lines = []
    for shape in SIZES[:1]:
        pixels = torch.from_numpy(picture(*shape)).permute(2, 0, 1).float()
        for operation, magnitudes in GEOMETRY.items():
            for magnitude in magnitudes:
                result = autoaugment._apply_op(
                    pixels, operation, magnitude, F.InterpolationMode.BILINEAR, None
                )
                values = numpy.rint(result.permute(1, 2, 0).numpy()).astype(numpy.uint8)
                lines.append(case(operation, magnitude, shape, values))
    write(folder / "automatic-geometry.jsonl", lines)


def write(file, lines):
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))


def magnitudes(space):
    """For each operation whether it is signed, and the magnitude of each bin, if it has any."""
    return {
        name: {"signed": signed, "magnitudes": [round(float(m), 6) for m in values.reshape(-1)]}
        for name, (values, signed) in space.items()
    }


def tables(folder):
    height, width = 40, 48
    policies = {
        policy.value: autoaugment.AutoAugment(policy).policies
        for policy in autoaugment.AutoAugmentPolicy
    }
    auto = autoaugment.AutoAugment()._augmentation_space(10, (height, width))
    rand = autoaugment.RandAugment()._augmentation_space(31, (height, width))
    wide = autoaugment.TrivialAugmentWide()._augmentation_space(31)
    spaces = {
        "auto-augment": magnitudes(auto),
        "rand-augment": magnitudes(rand),
        "trivial-augment": magnitudes(wide),
    }
    content = {"height": height, "width": width, "policies": policies, "spaces": spaces}
    (folder / "autoaugment.json").write_text(json.dumps(content) + "\n")


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    photometric(folder)
    automatic_geometry(folder)
    tables(folder)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
