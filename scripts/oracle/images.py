"""Image files of every kind that is decoded, and what PIL makes of them.

Usage: images.py FOLDER

Each file NAME.ext gets a NAME.ppm beside it: the upright image as 8-bit RGB, by PIL's exif_transpose and convert("RGB"); and
a NAME.pgm, as grey: the luminance that a JPEG holds, otherwise PIL's convert("L").
PIL clips grey PNGs of 16 bits to 255, which nobody wants; theirs are the upper 8 bits.
"""

import io
import pathlib
import struct
import sys
import zlib

import numpy
from PIL import Image, ImageOps

HEIGHT, WIDTH = 21, 30
ORIENTATION = 0x0112


def picture():
    """Nothing in it is symmetric: slopes, a red bar at the top, a blue block at the left."""
    y, x = numpy.mgrid[0:HEIGHT, 0:WIDTH]
    red = 40 + 6 * x + 2 * y
    green = 220 - 5 * x + y
    blue = 30 + 3 * x + 5 * y
    pixels = numpy.stack([red, green, blue], axis=-1).clip(0, 255).astype(numpy.uint8)
    pixels[1:4, 5:25] = [230, 20, 30]
    pixels[8:17, 2:6] = [20, 40, 240]
    return pixels


def exif(orientation):
    data = Image.Exif()
    data[ORIENTATION] = orientation
    return data.tobytes()


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def packed(rows, bits):
    """Rows of samples (H, W·channels) as PNG rows: each with filter 0, most significant bit first."""
    result = b""
    for row in rows:
        if bits == 16:
            data = row.astype(">u2").tobytes()
        elif bits == 8:
            data = row.astype(numpy.uint8).tobytes()
        else:
            ones = ((row[:, None] >> numpy.arange(bits - 1, -1, -1)) & 1).astype(numpy.uint8)
            data = numpy.packbits(ones.reshape(-1)).tobytes()
        result += b"\0" + data
    return result


ADAM7 = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]


def png(samples, bits, colour, interlaced=False, before=b"", after=b""):
    """A PNG of samples (H, W, channels) that PIL itself could not write."""
    height, width, channels = samples.shape
    passes = ADAM7 if interlaced else [(0, 0, 1, 1)]
    raw = b"".join(
        packed(samples[y::down, x::across].reshape(-1, samples[y::down, x::across].shape[1] * channels), bits)
        for y, x, down, across in passes
    )
    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, int(interlaced))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + before
        + chunk(b"IDAT", zlib.compress(raw, 9))
        + after
        + chunk(b"IEND", b"")
    )


def saved(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def jpegs(image):
    yield "jpeg-420.jpg", saved(image, "JPEG", quality=90, subsampling=2)
    yield "jpeg-422.jpg", saved(image, "JPEG", quality=90, subsampling=1)
    yield "jpeg-444.jpg", saved(image, "JPEG", quality=95, subsampling=0)
    yield "jpeg-progressive.jpg", saved(image, "JPEG", quality=90, progressive=True)
    yield "jpeg-grey.jpg", saved(image.convert("L"), "JPEG", quality=90)
    yield "jpeg-grey-progressive.jpg", saved(image.convert("L"), "JPEG", quality=90, progressive=True)
    cmyk = saved(image.convert("CMYK"), "JPEG", quality=95)
    yield "jpeg-cmyk.jpg", cmyk
    # The same numbers, said to be luminance, two chrominances and black.
    adobe = cmyk.index(b"Adobe")
    yield "jpeg-ycck.jpg", cmyk[: adobe + 11] + b"\2" + cmyk[adobe + 12 :]
    for orientation in range(1, 9):
        yield f"jpeg-exif-{orientation}.jpg", saved(image, "JPEG", quality=90, exif=exif(orientation))
    # PIL writes big-endian EXIF data.
    little = struct.pack("<2sHIHHHIHHI", b"II", 42, 8, 1, ORIENTATION, 3, 1, 6, 0, 0)
    yield "jpeg-exif-6-little.jpg", saved(image, "JPEG", quality=90, exif=b"Exif\0\0" + little)


def pngs(pixels):
    grey = numpy.asarray(Image.fromarray(pixels).convert("L"))[:, :, None]
    alpha = (numpy.arange(WIDTH)[None, :, None] * 8 + numpy.zeros((HEIGHT, 1, 1))).astype(numpy.uint8)
    for bits in (1, 2, 4, 8):
        yield f"png-grey-{bits}.png", png(grey >> (8 - bits), bits, 0)
    wide = pixels.astype(numpy.uint16) * 257 - (pixels > 0) * 100
    wide_grey = grey.astype(numpy.uint16) * 257 - (grey > 0) * 100
    wide_alpha = alpha.astype(numpy.uint16) * 257
    yield "png-grey-16.png", png(wide_grey, 16, 0)
    yield "png-grey-alpha.png", png(numpy.concatenate([grey, alpha], 2), 8, 4)
    yield "png-rgb.png", png(pixels, 8, 2)
    yield "png-rgb-16.png", png(wide, 16, 2)
    yield "png-rgb-16-interlaced.png", png(wide, 16, 2, True)
    yield "png-rgb-interlaced.png", png(pixels, 8, 2, True)
    yield "png-rgb-transparent.png", png(pixels, 8, 2, before=chunk(b"tRNS", struct.pack(">HHH", *map(int, pixels[0, 0]))))
    yield "png-rgba.png", png(numpy.concatenate([pixels, alpha], 2), 8, 6)
    yield "png-rgba-16.png", png(numpy.concatenate([wide, wide_alpha], 2), 16, 6)
    yield "png-rgba-interlaced.png", png(numpy.concatenate([pixels, alpha], 2), 8, 6, True)
    for bits in (1, 2, 4, 8):
        colours = Image.fromarray(pixels).quantize(1 << bits, dither=0)
        palette = chunk(b"PLTE", bytes(colours.getpalette()[: 3 << bits]))
        indices = numpy.asarray(colours)[:, :, None]
        yield f"png-palette-{bits}.png", png(indices, bits, 3, before=palette)
    transparency = chunk(b"tRNS", bytes(range(0, 250, 2)))
    yield "png-palette-transparent.png", png(indices, 8, 3, before=palette + transparency)
    yield "png-palette-interlaced.png", png(indices, 8, 3, True, before=palette)
    yield "png-exif-8.png", png(pixels, 8, 2, after=chunk(b"eXIf", exif(8)[6:]))
    yield "png-gamma.png", png(pixels, 8, 2, before=chunk(b"gAMA", struct.pack(">I", 100000)))
    image = Image.fromarray(pixels)
    yield "png-animated.png", saved(image, "PNG", save_all=True, append_images=[ImageOps.invert(image)])


def bmps(pixels):
    image = Image.fromarray(pixels)
    plain = saved(image, "BMP")
    yield "bmp-24.bmp", plain
    start = struct.unpack_from("<I", plain, 10)[0]
    row = (WIDTH * 3 + 3) // 4 * 4
    rows = [plain[start + y * row : start + (y + 1) * row] for y in range(HEIGHT)]
    yield "bmp-top-down.bmp", plain[:22] + struct.pack("<i", -HEIGHT) + plain[26:start] + b"".join(reversed(rows))
    yield "bmp-grey-8.bmp", saved(image.convert("L"), "BMP")
    yield "bmp-palette-8.bmp", saved(image.quantize(256, dither=0), "BMP")
    yield "bmp-1.bmp", saved(image.convert("1"), "BMP")
    yield "bmp-32.bmp", saved(image.convert("RGBA"), "BMP")


def webps(pixels):
    image = Image.fromarray(pixels)
    alpha = Image.fromarray((numpy.mgrid[0:HEIGHT, 0:WIDTH][1] * 8).astype(numpy.uint8))
    transparent = image.copy()
    transparent.putalpha(alpha)
    yield "webp-lossy.webp", saved(image, "WEBP", quality=80)
    yield "webp-lossless.webp", saved(image, "WEBP", lossless=True)
    yield "webp-lossy-alpha.webp", saved(transparent, "WEBP", quality=80)
    yield "webp-lossless-alpha.webp", saved(transparent, "WEBP", lossless=True)
    for orientation in (3, 6):
        yield f"webp-exif-{orientation}.webp", saved(image, "WEBP", lossless=True, exif=exif(orientation))


def luminance(name, content):
    image = Image.open(io.BytesIO(content))
    if image.format == "JPEG" and image.mode != "CMYK":
        image.draft("L", image.size)
        assert image.mode == "L"
        return ImageOps.exif_transpose(image)
    return decoded(name, content).convert("L")


def decoded(name, content):
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(content)))
    if name == "png-grey-16.png":
        image = Image.fromarray((numpy.asarray(image).astype(numpy.uint32) >> 8).astype(numpy.uint8))
    return image.convert("RGB")


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    pixels = picture()
    for files in (jpegs(Image.fromarray(pixels)), pngs(pixels), bmps(pixels), webps(pixels)):
        for name, content in files:
            (folder / name).write_bytes(content)
            image = decoded(name, content)
            image.save((folder / name).with_suffix(".ppm"))
            luminance(name, content).save((folder / name).with_suffix(".pgm"))
            print(name, len(content), image.size)


main()
