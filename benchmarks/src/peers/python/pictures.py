"""Makes the JPEG files that augmentation is measured on.

Arguments: the folder to make, a tar file of CIFAR-10's images as JPEG files, and perhaps a folder of
photographs (JPEG, at least 2,000×1,500). Without photographs, pictures of that size are put together
of CIFAR's, enlarged, with the noise of a camera on them.

  cifar/              500 of CIFAR's images, as they are
  photo-500/          500×375, quality 90
  photo-2000/         2000×1500, quality 75, Pillow's own
  photo-2000-fine/    the same with quality 90
"""

import io
import pathlib
import sys
import tarfile

import numpy
from PIL import Image, ImageFilter, ImageOps

SMALL = 500
COLUMNS, ROWS = 8, 6
PHOTOGRAPHS = 14
SIZE = (2000, 1500)
KINDS = {"photo-500": ((500, 375), 90), "photo-2000": (SIZE, 75), "photo-2000-fine": (SIZE, 90)}


def small_images(tar):
    """The bytes of images spread over the whole file."""
    with tarfile.open(tar) as files:
        members = [member for member in files.getmembers() if member.isfile()]
        chosen = members[:: max(1, len(members) // SMALL)][:SMALL]
        return [files.extractfile(member).read() for member in chosen]


def mosaics(images):
    random = numpy.random.RandomState(1)
    for _ in range(PHOTOGRAPHS):
        mosaic = Image.new("RGB", (32 * COLUMNS, 32 * ROWS))
        for place in range(COLUMNS * ROWS):
            tile = Image.open(io.BytesIO(images[random.randint(len(images))])).convert("RGB")
            mosaic.paste(tile, (place % COLUMNS * 32, place // COLUMNS * 32))
        large = numpy.asarray(mosaic.resize(SIZE, Image.BICUBIC), dtype=numpy.float32)
        noise = random.normal(0, 10, (SIZE[1], SIZE[0], 3))
        noisy = Image.fromarray((large + noise).clip(0, 255).astype(numpy.uint8))
        # A camera's pixels have a colour filter each: its noise is as smooth as this.
        yield noisy.filter(ImageFilter.GaussianBlur(0.8))


def photographs(folder):
    for file in sorted(pathlib.Path(folder).glob("*.jpg")):
        image = Image.open(file).convert("RGB")
        if image.width >= SIZE[0] and image.height >= SIZE[1]:
            yield ImageOps.fit(image, SIZE, Image.LANCZOS)


def main(folder, tar, photographs_folder=None):
    folder = pathlib.Path(folder)
    images = small_images(tar)
    (folder / "cifar").mkdir(parents=True, exist_ok=True)
    for number, content in enumerate(images):
        (folder / "cifar" / ("%03d.jpg" % number)).write_bytes(content)
    large = photographs(photographs_folder) if photographs_folder else mosaics(images)
    for number, image in enumerate(large):
        for kind, (size, quality) in KINDS.items():
            (folder / kind).mkdir(exist_ok=True)
            resized = image if image.size == size else image.resize(size, Image.LANCZOS)
            resized.save(folder / kind / ("%02d.jpg" % number), quality=quality)


if __name__ == "__main__":
    main(*sys.argv[1:])
