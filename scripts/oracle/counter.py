"""Numbers that Python and Java make alike, so that golden files need not hold their inputs.

The test class org.convoyml.nn.golden.Counter is the same in Java. Argument: the folder of the golden
file that holds the two together, core-nn/src/test/resources/golden.
"""

import json
import math
import pathlib
import sys

import numpy

SAMPLES = 64
MASK = (1 << 64) - 1


def mix(z):
    """Spreads the bits of 64-bit integers (numpy.uint64), as KeyedRandom.mix does."""
    z = (z ^ (z >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
    return z ^ (z >> numpy.uint64(31))


def key(text):
    """The key of a sequence of numbers; `text` is ASCII."""
    result = 0
    for byte in text.encode("ascii"):
        result = int(mix(numpy.array([(result + byte) & MASK], numpy.uint64))[0])
    return result


def fractions(start, count):
    """`count` integers in [0, 2^24), of which the i-th belongs to the counter `start` + i."""
    counters = numpy.arange(count, dtype=numpy.uint64) + numpy.uint64(start)
    return mix(counters) >> numpy.uint64(40)


def values(text, *shape):
    """A tensor of numbers in [-1, 1), exact in float32, the same for the same text."""
    count = int(numpy.prod(shape))
    return (fractions(key(text), count) * 2.0**-24 * 2 - 1).reshape(shape)


def scaled(text, scale, shift, *shape):
    """The same numbers times `scale` plus `shift`, rounded to float32."""
    return (values(text, *shape) * scale + shift).astype(numpy.float32)


def parameter(name, *shape):
    """A tensor of a network, in float32, of the size that such tensors have in trained networks.

    Weights are as He et al. start them, so that activations neither grow nor vanish.
    """
    text = "parameter " + name
    if name.endswith(".running_var"):
        return (abs(values(text, *shape)) * 0.5 + 1).astype(numpy.float32)
    if len(shape) > 1:
        return scaled(text, math.sqrt(6 / math.prod(shape[1:])), 0.0, *shape)
    if name.endswith(".weight"):
        return scaled(text, 0.1, 1.0, *shape)
    return scaled(text, 0.1, 0.0, *shape)


def sampled(size):
    """The places of a golden tensor's entries: all of a small one, else one in each 64th of it."""
    if size <= SAMPLES:
        return list(range(size))
    bounds = [j * size // SAMPLES for j in range(SAMPLES + 1)]
    shares = fractions(0, SAMPLES).tolist()
    return [
        low + ((high - low) * share >> 24)
        for low, high, share in zip(bounds, bounds[1:], shares)
    ]


def rounded(number, digits):
    """To this many significant digits."""
    return float("%.*g" % (digits, number))


def golden(name, tensor, digits=9):
    """What a golden file holds of a tensor: shape, Euclidean norm and sampled entries.

    Nine digits tell every float32 from its neighbours.
    """
    flat = numpy.asarray(tensor, dtype=numpy.float64).reshape(-1)
    return {
        "name": name,
        "shape": list(tensor.shape),
        "norm": rounded(numpy.sqrt((flat * flat).sum()), digits),
        "entries": [rounded(flat[i], digits) for i in sampled(flat.size)],
    }


def main(folder):
    """Writes a sequence that Java compares with its own."""
    line = json.dumps(golden("example", values("example", 5, 60)))
    (pathlib.Path(folder) / "counter.jsonl").write_text(line + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
