"""Writes what torchvision's networks, and two that it lacks, make of one training step.

Arguments: the folder to write to, core-nn/src/test/resources/golden/steps, then names of networks, or
none for all. A file's first line says what was computed and the losses; then follow, one line each,
the output in inference after the step, with the running statistics that the step measured, and the
gradients of all tensors, where running statistics stand for those of the batch times its size.

Computed in double precision. Prints the worst difference that float32 makes in PyTorch itself, by the
measure of the Java class GoldenTensor, for the tolerances of ZooGoldenTest.
"""

import json
import pathlib
import sys

import numpy
import torch
import torch.nn.functional as F
import torchvision.models as models

import counter
import timm_networks

CLASSES = 10
AUXILIARY_WEIGHT = 0.4
DIGITS = 6

# Gradients below are what rounding leaves of zero: a shift ahead of a 1×1 convolution with batch norm.
ZERO = 1e-9

# Images, their side, and how far batch norms shift. Batch norms need more than a few numbers to
# average over, or their gradients are rounding errors: the auxiliary head of Inception has maps of
# one pixel. In MobileNet v1, where nothing is linear, larger shifts leave channels nearly constant,
# which batch norms blow up in inference. At 65 all windows at the edges of SqueezeNet's pooling are
# partial.
NETWORKS = {
    "vgg11": (2, 64, 0.0),
    "vgg13": (2, 64, 0.0),
    "vgg16": (1, 64, 0.0),
    "vgg19": (2, 64, 0.0),
    "resnet18": (4, 64, 1.0),
    "resnet34": (4, 64, 1.0),
    "resnet50": (4, 64, 1.0),
    "resnet101": (4, 64, 1.0),
    "resnet152": (4, 64, 1.0),
    "inception_v3": (4, 299, 2.0),
    "mobilenet_v2": (4, 64, 2.0),
    "squeezenet1_1": (4, 65, 0.0),
    "mobilenet_v1": (4, 40, 0.4),
    "xception": (4, 96, 1.0),
}


def build(name, side, shift):
    """The network without dropout, with the counter's parameters.

    Where a number that a ReLU gets is next to zero, float32 and double precision may differ on
    whether it passes, and in a deep network one such difference is seen in all gradients below. So
    batch norms here shift their channels away from zero, even ones up and odd ones down. Channels
    keep their sign through residual additions, and every ReLU still matters: without it, the odd
    channels would pass.
    """
    options = {"init_weights": False} if name == "inception_v3" else {}
    make = timm_networks.NETWORKS.get(name) or getattr(models, name)
    network = make(num_classes=CLASSES, **options)
    if name.startswith("vgg") and side != 224:
        # The pooling to 7×7 does nothing at 224; elsewhere Convoy's classifier fits the map.
        network.avgpool = torch.nn.Identity()
        network.classifier[0] = torch.nn.Linear(512 * (side // 32) ** 2, 4096)
    norms = set()
    for path, module in network.named_modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
        if isinstance(module, torch.nn.BatchNorm2d):
            module.momentum = 1.0  # so that the running statistics become those of the batch
            norms.add(path)
    with torch.no_grad():
        for tensor, values in network.state_dict().items():
            if not tensor.endswith("num_batches_tracked"):
                path, kind = tensor.rsplit(".", 1)
                if path in norms and kind in ("weight", "bias"):
                    made = norm_parameter(tensor, kind, shift, *values.shape)
                else:
                    made = counter.parameter(tensor, *values.shape)
                values.copy_(torch.from_numpy(made))
    return network


def norm_parameter(name, kind, shift, channels):
    """Scales near a half; shifts near `shift` in even channels and near minus that in odd ones."""
    text = "parameter " + name
    if kind == "weight":
        return counter.scaled(text, 0.05, 0.5, channels)
    made = counter.scaled(text, 0.1, shift, channels)
    made[1::2] *= -1
    return made


def images(examples, side):
    return torch.from_numpy(counter.scaled("images", 1.0, 0.0, examples, 3, side, side))


def labels(examples):
    return [(7 * n + 3) % CLASSES for n in range(examples)]


def step(network, pixels):
    """The loss, and tensors by name in the order of the file."""
    network.train()
    examples = len(pixels)
    target = torch.tensor(labels(examples))
    made = network(pixels)
    if isinstance(made, tuple):
        loss = F.cross_entropy(made.logits, target, reduction="sum")
        loss = loss + AUXILIARY_WEIGHT * F.cross_entropy(made.aux_logits, target, reduction="sum")
    else:
        loss = F.cross_entropy(made, target, reduction="sum")
    loss.backward()
    network.eval()
    with torch.no_grad():
        tensors = {"output": network(pixels).numpy()}
    gradients = {name: parameter.grad for name, parameter in network.named_parameters()}
    for name, values in network.state_dict().items():
        if not name.endswith("num_batches_tracked"):
            tensors[name] = gradients.get(name, values * examples).numpy()
    return loss.item(), tensors


def difference(found, expected):
    """The smallest tolerance with which GoldenTensor's check would pass over all entries."""
    expected = expected.reshape(-1)
    found = found.reshape(-1).astype(numpy.float64)
    norm = numpy.linalg.norm(expected)
    if norm == 0:
        return 0.0
    allowed = numpy.maximum(abs(expected), norm / numpy.sqrt(expected.size))
    places = counter.sampled(expected.size)
    worst = (abs(found - expected)[places] / allowed[places]).max()
    return max(worst, abs(numpy.linalg.norm(found) - norm) / norm)


def main(folder, *names):
    for name in names or NETWORKS:
        examples, side, shift = NETWORKS[name]
        pixels = images(examples, side)
        rough_loss, rough = step(build(name, side, shift), pixels)
        loss, exact = step(build(name, side, shift).double(), pixels.double())
        for tensor, values in exact.items():
            if numpy.linalg.norm(values) < ZERO:
                values.fill(0)
        worst = max(exact, key=lambda tensor: difference(rough[tensor], exact[tensor]))
        print("%-14s loss %.1e, worst %.1e of %s, output %.1e" % (
            name, abs(rough_loss - loss) / loss, difference(rough[worst], exact[worst]), worst,
            difference(rough["output"], exact["output"])), flush=True)
        head = {"network": name, "input": [3, side, side], "classes": CLASSES, "shift": shift,
                "labels": labels(examples), "loss": counter.rounded(loss, 9)}
        lines = [head] + [counter.golden(n, t, DIGITS) for n, t in exact.items()]
        text = "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines)
        (pathlib.Path(folder) / (name + ".jsonl")).write_text(text)


if __name__ == "__main__":
    main(*sys.argv[1:])
