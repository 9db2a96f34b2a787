"""Writes what PyTorch makes of each kind of layer and loss, forward and backward.

Argument: the folder to write to, core-nn/src/test/resources/golden/layers. One file for each group of
layers, one line for each case: the network as JSON, its loss, its output in inference, and the
gradients of its parameters in training. Everything is in double precision, so that the files hold no
rounding of PyTorch's.

An engine gives no gradient of a layer's input, so each layer stands behind a probe, whose weights
*are* that input. The n-th of N examples is one at the n-th of N inputs and zero elsewhere. A dense
probe makes weights[k, n] of it, so the gradient of its weights is that of the layer's input. A
convolutional probe turns one pixel, with a border as wide as its kernel less one, into a map as large
as its kernel, which is weights[k, n] rotated by half a turn.
"""

import functools
import json
import math
import pathlib
import sys

import torch
import torch.nn.functional as F

import counter

EXAMPLES = 3
DIGITS = 8


def pair(size):
    return list(size) if isinstance(size, tuple) else [size, size]


def same(length, kernel, stride, dilation=1):
    """TensorFlow's border before and after one dimension."""
    output = math.ceil(length / stride)
    needed = max(0, (output - 1) * stride + dilation * (kernel - 1) + 1 - length)
    return needed // 2, needed - needed // 2


def sides(x, padding, kernel, stride, dilation=(1, 1)):
    """Top, left, bottom, right."""
    if padding == "same":
        top, bottom = same(x.shape[2], kernel[0], stride[0], dilation[0])
        left, right = same(x.shape[3], kernel[1], stride[1], dilation[1])
        return top, left, bottom, right
    return padding if isinstance(padding, tuple) else (padding,) * 4


def pad(x, border, value=0.0):
    top, left, bottom, right = border
    return F.pad(x, (left, right, top, bottom), value=value)


def as_json(padding):
    return padding if padding == "same" else list(sides(None, padding, None, None))


def case(name, layer, compute, *inputs, parameters=None, scale=1.0):
    """`inputs` are shapes without the batch; `compute` takes tensors, then parameters by name."""
    return dict(name=name, layer=layer, compute=compute, inputs=inputs,
                parameters=parameters or {}, scale=scale)


def activation(kind, compute, **settings):
    # Up to ±8, beyond the bends at ±3 and 6.
    return case(kind, dict(type=kind, **settings), compute, (4, 5, 3), scale=8.0)


ACTIVATIONS = [
    activation("linear", lambda x: x),
    activation("relu", F.relu),
    activation("relu6", F.relu6),
    activation("leaky-relu", lambda x: F.leaky_relu(x, 0.125), slope=0.125),
    activation("elu", lambda x: F.elu(x, 0.75), alpha=0.75),
    activation("sigmoid", torch.sigmoid),
    activation("tanh", torch.tanh),
    activation("gelu", F.gelu),
    activation("silu", F.silu),
    activation("hard-swish", F.hardswish),
    activation("softmax", lambda x: F.softmax(x, 1)),
    case("softmax of features", {"type": "softmax"}, lambda x: F.softmax(x, 1), (7,), scale=4.0),
]


def convolution(name, channels, filters, kernel, stride=1, padding=0, dilation=1, groups=1,
                bias=True, height=9, width=8):
    kernel, stride, dilation = pair(kernel), pair(stride), pair(dilation)
    shapes = {"weight": (filters, channels // groups, *kernel)}
    if bias:
        shapes["bias"] = (filters,)

    def compute(x, weight, bias=None):
        padded = pad(x, sides(x, padding, kernel, stride, dilation))
        return F.conv2d(padded, weight, bias, stride, 0, dilation, groups)

    layer = dict(type="conv-2d", filters=filters, kernel=kernel, stride=stride,
                 padding=as_json(padding), dilation=dilation, groups=groups, bias=bias,
                 initializer="he-normal")
    return case(name, layer, compute, (channels, height, width), parameters=shapes)


CONVOLUTIONS = [
    convolution("3×3", 5, 7, 3),
    convolution("3×3 without bias, stride 2, padding 1", 5, 7, 3, 2, 1, bias=False),
    convolution("1×1", 5, 7, 1),
    convolution("1×1 with stride 2", 5, 7, 1, 2),
    convolution("1×7", 5, 7, (1, 7), padding=(0, 3, 0, 3)),
    convolution("7×1", 5, 7, (7, 1), padding=(3, 0, 3, 0)),
    convolution("3×5 with stride 2×3", 5, 7, (3, 5), (2, 3), 2),
    convolution("3×3 with dilation 2", 5, 7, 3, padding=2, dilation=2),
    convolution("3×2 with dilation 2×3 and stride 2", 5, 7, (3, 2), 2, 1, (2, 3)),
    convolution("3×3 in 2 groups", 6, 4, 3, padding=1, groups=2),
    convolution("3×3 in 3 groups with stride 2 and dilation 2", 6, 9, 3, 2, 2, 2, 3),
    convolution("depthwise", 6, 6, 3, padding=1, groups=6),
    convolution("depthwise without bias, stride 2", 16, 16, 3, 2, 1, groups=16, bias=False),
    convolution("depthwise with 2 filters a channel", 6, 12, 3, padding=1, groups=6),
    convolution("3×3 with four different borders", 5, 7, 3, 2, (0, 1, 2, 3)),
    convolution("5×4, same", 5, 7, (5, 4), padding="same"),
    convolution("3×3 with stride 2, same", 5, 7, 3, 2, "same"),
    convolution("3×3 with stride 3 and dilation 2, same", 5, 7, 3, 3, "same", 2),
    convolution("as large as the map", 5, 7, (9, 8)),
    convolution("of many channels", 32, 48, 3, padding=1, height=7, width=7),
]


def pooling(name, kind, compute, kernel, stride, padding, ceil, size, **settings):
    kernel, stride = pair(kernel), pair(stride)
    layer = dict(type=kind, kernel=kernel, stride=stride, padding=as_json(padding), ceilMode=ceil,
                 **settings)
    return case(name, layer, functools.partial(compute, kernel, stride, padding, ceil),
                (5, *size))


def maximum(name, kernel, stride, padding=0, ceil=False, size=(9, 8)):
    def compute(kernel, stride, padding, ceil, x):
        padded = pad(x, sides(x, padding, kernel, stride), -math.inf)
        return F.max_pool2d(padded, kernel, stride, ceil_mode=ceil)

    return pooling("maximum, " + name, "max-pool-2d", compute, kernel, stride, padding, ceil,
                   size)


def average(name, kernel, stride, padding=0, ceil=False, count=False, size=(9, 8)):
    def compute(kernel, stride, padding, ceil, x):
        if isinstance(padding, int):
            return F.avg_pool2d(x, kernel, stride, padding, ceil, count)
        # PyTorch's own borders are alike on opposite sides.
        border = sides(x, padding, kernel, stride)
        mean = F.avg_pool2d(pad(x, border), kernel, stride, ceil_mode=ceil)
        share = F.avg_pool2d(pad(torch.ones_like(x), border), kernel, stride, ceil_mode=ceil)
        return mean if count else mean / share

    return pooling("average, " + name, "average-pool-2d", compute, kernel, stride, padding, ceil,
                   size, countPadding=count)


POOLING = [
    maximum("2×2", 2, 2),
    maximum("3×3 with stride 2", 3, 2),
    maximum("3×3 with stride 2, padding 1", 3, 2, 1),
    maximum("3×3 with stride 2, ceil mode", 3, 2, ceil=True),
    maximum("3×3 with stride 2, padding 1, ceil mode", 3, 2, 1, True),
    maximum("3×3 with stride 2 on a map of 2×2, ceil mode", 3, 2, 0, True, (2, 2)),
    maximum("4×5 with stride 3×4, padding 1 on a map of 1×2, ceil mode", (4, 5), (3, 4), 1, True,
            (1, 2)),
    maximum("2×3 with stride 3×1", (2, 3), (3, 1)),
    maximum("3×3 with stride 1, padding 1", 3, 1, 1),
    maximum("3×3 with stride 2, same", 3, 2, "same"),
    maximum("3×3 with four different borders", 3, 2, (0, 1, 2, 1)),
    average("2×2", 2, 2),
    average("3×3 with stride 2", 3, 2),
    average("3×3 with stride 2, padding 1", 3, 2, 1),
    average("3×3 with stride 2, padding 1 counted", 3, 2, 1, count=True),
    average("3×3 with stride 2, ceil mode", 3, 2, ceil=True),
    average("3×3 with stride 2, padding 1, ceil mode", 3, 2, 1, True),
    average("3×3 with stride 2, padding 1 counted, ceil mode", 3, 2, 1, True, True),
    average("3×3 with stride 2 on a map of 2×2, ceil mode", 3, 2, 0, True, False, (2, 2)),
    average("4×5 with stride 3×4, padding 1 counted on a map of 1×2, ceil mode", (4, 5), (3, 4), 1,
            True, True, (1, 2)),
    average("3×3 with stride 1, padding 1", 3, 1, 1),
    average("2×3 with stride 3×1", (2, 3), (3, 1)),
    average("3×3 with stride 2, same", 3, 2, "same"),
    average("3×3 with four different borders", 3, 2, (0, 1, 2, 1)),
    average("3×3 with four different borders counted", 3, 2, (0, 1, 2, 1), count=True),
    case("global average", {"type": "global-average-pool"}, lambda x: x.mean((2, 3)), (5, 9, 8)),
    case("global maximum", {"type": "global-max-pool"}, lambda x: x.amax((2, 3)), (5, 9, 8)),
]


def batch_norm(name, epsilon, *shape):
    def compute(x, weight, bias, running_mean, running_var, training):
        return F.batch_norm(x, running_mean, running_var, weight, bias, training, 1.0, epsilon)

    layer = {"type": "batch-norm", "epsilon": epsilon, "momentum": 0.1, "scale": "ones"}
    names = ("weight", "bias", "running_mean", "running_var")
    return case(name, layer, compute, shape, parameters={n: shape[:1] for n in names}, scale=3.0)


def response_norm(name, size, alpha, beta, k):
    layer = {"type": "local-response-norm", "size": size, "alpha": alpha, "beta": beta, "k": k}
    return case(name, layer, lambda x: F.local_response_norm(x, size, alpha, beta, k), (7, 4, 5),
                scale=4.0)


def shortcut(name, channels, filters, stride):
    stride = pair(stride)

    def compute(x):
        before = (filters - channels) // 2
        return F.pad(x[:, :, ::stride[0], ::stride[1]],
                     (0, 0, 0, 0, before, filters - channels - before))

    layer = {"type": "pad-shortcut", "filters": filters, "stride": stride}
    return case(name, layer, compute, (channels, 5, 6))


def dense(name, units, bias):
    shapes = {"weight": (units, 9), "bias": (units,)}
    if not bias:
        del shapes["bias"]
    layer = {"type": "dense", "units": units, "bias": bias, "initializer": "he-normal"}
    return case(name, layer, F.linear, (9,), parameters=shapes)


OTHERS = [
    dense("dense", 6, True),
    dense("dense without bias", 17, False),
    case("flatten", {"type": "flatten"}, lambda x: x.flatten(1), (3, 4, 5)),
    batch_norm("batch norm of maps", 1e-5, 5, 4, 6),
    batch_norm("batch norm with a large epsilon", 0.25, 16, 3, 3),
    batch_norm("batch norm of features", 1e-5, 11),
    response_norm("local response norm as in AlexNet", 5, 1e-4, 0.75, 2.0),
    response_norm("local response norm over 3 channels", 3, 0.75, 0.75, 1.0),
    response_norm("local response norm with another exponent", 5, 2.0, 0.5, 1.5),
    case("concat", {"type": "concat"}, lambda *x: torch.cat(x, 1), (3, 4, 5), (6, 4, 5)),
    case("concat of features", {"type": "concat"}, lambda *x: torch.cat(x, 1), (3,), (5,)),
    case("add", {"type": "add"}, lambda x, y: x + y, (5, 4, 3), (5, 4, 3)),
    shortcut("shortcut to twice the channels", 4, 8, 2),
    shortcut("shortcut with one more channel behind than before", 4, 7, (1, 3)),
]

GROUPS = {
    "activations": ACTIVATIONS,
    "convolutions": CONVOLUTIONS,
    "pooling": POOLING,
    "others": OTHERS,
}


def parameter(name, shape, scale):
    values = counter.parameter(name, *shape) if scale is None else counter.scaled(
        "parameter " + name, scale, 0.0, *shape)
    return torch.from_numpy(values).double().requires_grad_(not name.endswith(
        ("running_mean", "running_var")))


def probe(name, shape, scale):
    """The probe's layer, its weights, and what it makes of the examples."""
    if len(shape) == 1:
        weight = parameter(name + ".weight", (shape[0], EXAMPLES), scale)
        layer = dict(type="dense", units=shape[0], bias=False, initializer="he-normal")
        return layer, weight, F.linear(torch.eye(EXAMPLES, dtype=torch.float64), weight)
    channels, height, width = shape
    weight = parameter(name + ".weight", (channels, EXAMPLES, height, width), scale)
    border = (height - 1, width - 1)
    layer = dict(type="conv-2d", filters=channels, kernel=[height, width], stride=[1, 1],
                 padding=[*border, *border], dilation=[1, 1], groups=1, bias=False,
                 initializer="he-normal")
    pixels = torch.eye(EXAMPLES, dtype=torch.float64)[:, :, None, None]
    return layer, weight, F.conv2d(pixels, weight, padding=border)


def node(name, layer, *inputs):
    return {"name": name, "layer": layer, "inputs": list(inputs)}


def result(name, scale, nodes, loss, head, total, output, gradients):
    """One line of a file."""
    spatial = nodes[0]["layer"]["type"] == "conv-2d"
    network = {
        "name": name,
        "input": [EXAMPLES, 1, 1] if spatial else [EXAMPLES],
        "layers": nodes,
        "outputs": [{"name": "output", "layer": nodes[-1]["name"], "loss": loss,
                     "weight": head.pop("weight", 1.0), "trainingOnly": False}],
        "frozen": [],
    }
    tensors = [counter.golden("output", output.detach().numpy(), DIGITS)]
    tensors += [counter.golden(n, g.numpy(), DIGITS) for n, g in gradients.items()]
    line = {"name": name, "network": network, "inputScale": scale, **head,
            "loss": counter.rounded(total.item(), DIGITS), "tensors": tensors}
    return json.dumps(line, ensure_ascii=False, separators=(",", ":"))


def layer_line(name, layer, compute, inputs, parameters, scale):
    nodes, probes, tensors = [], {}, []
    for i, shape in enumerate(inputs):
        probe_name = "probe%d" % i
        probe_layer, weight, made = probe(probe_name, shape, scale)
        nodes.append(node(probe_name, probe_layer, "input"))
        probes[probe_name + ".weight"] = weight
        tensors.append(made)
    given = {n: parameter("layer." + n, s, None) for n, s in parameters.items()}
    statistics = {}
    if "running_mean" in given:
        inference = compute(*tensors, **given, training=False)
        output = compute(*tensors, **given, training=True)
        # With momentum 1 they are now those of the batch.
        statistics = {n: EXAMPLES * given[n] for n in ("running_mean", "running_var")}
    else:
        inference = output = compute(*tensors, **given)
    nodes.append(node("layer", layer, *[n["name"] for n in nodes]))
    if output.dim() > 2:
        nodes.append(node("flatten", {"type": "flatten"}, "layer"))
    output, inference = output.flatten(1), inference.flatten(1)
    targets = torch.from_numpy(counter.scaled("targets", 1.0, 0.0, *output.shape)).double()
    total = F.mse_loss(output, targets, reduction="sum") / output.shape[1]
    total.backward()
    gradients = {n: w.grad for n, w in probes.items()}
    gradients.update({"layer." + n: statistics.get(n, w.grad) for n, w in given.items()})
    return result(name, scale, nodes, {"type": "mean-squared-error"},
                  {"targetWidth": output.shape[1]}, total, inference, gradients)


def softmax(smoothing=0.0, weights=()):
    return {"type": "softmax-cross-entropy", "labelSmoothing": smoothing,
            "classWeights": list(weights)}


def cross_entropy(z, target, smoothing=0.0, weights=()):
    weight = torch.tensor(weights, dtype=torch.float64) if weights else None
    return F.cross_entropy(z, target, weight, reduction="sum", label_smoothing=smoothing)


LABELS = [4, 0, 2]
WEIGHTS = (0.5, 1.0, 2.0, 1.5, 0.75)
DISTRIBUTIONS = [[0.5, 0.25, 0.0, 0.125, 0.125], [0.0, 0.0, 1.0, 0.0, 0.0],
                 [0.125, 0.375, 0.25, 0.0, 0.25]]
SEVERAL = [[1.0, 0.0, 0.0, 1.0, 0.25], [0.0, 0.0, 0.0, 0.0, 0.0], [1.0, 1.0, 0.5, 0.0, 1.0]]
REALS = [[1.5, -2.25, 0.0, 3.0, 0.125], [-0.5, 0.75, 4.0, 0.0, 1.0], [0.25, 0.5, -1.0, 2.0, -3.0]]

# Name, loss, logits, labels, targets, weight of the output, loss in PyTorch of logits and labels
# or targets.
LOSSES = [
    ("softmax", softmax(), 5, LABELS, None, 1.0, cross_entropy),
    ("softmax of an output with a weight", softmax(), 5, LABELS, None, 0.375, cross_entropy),
    ("softmax with label smoothing", softmax(0.125), 5, LABELS, None, 1.0,
     lambda z, t: cross_entropy(z, t, 0.125)),
    ("softmax with class weights", softmax(0.0, WEIGHTS), 5, LABELS, None, 1.0,
     lambda z, t: cross_entropy(z, t, 0.0, WEIGHTS)),
    ("softmax with label smoothing and class weights", softmax(0.125, WEIGHTS), 5, LABELS, None,
     1.0, lambda z, t: cross_entropy(z, t, 0.125, WEIGHTS)),
    ("softmax with soft labels", softmax(), 5, LABELS, DISTRIBUTIONS, 1.0, cross_entropy),
    ("softmax with soft labels, label smoothing and class weights", softmax(0.125, WEIGHTS), 5,
     LABELS, DISTRIBUTIONS, 1.0, lambda z, t: cross_entropy(z, t, 0.125, WEIGHTS)),
    ("sigmoid of two classes", {"type": "sigmoid-cross-entropy"}, 1, [1, 0, 1], None, 1.0,
     lambda z, t: F.binary_cross_entropy_with_logits(z, t[:, None].double(), reduction="sum")),
    ("sigmoid of several labels", {"type": "sigmoid-cross-entropy"}, 5, LABELS, SEVERAL, 1.0,
     lambda z, t: F.binary_cross_entropy_with_logits(z, t, reduction="sum") / 5),
    ("mean squared error", {"type": "mean-squared-error"}, 5, LABELS, REALS, 1.0,
     lambda z, t: F.mse_loss(z, t, reduction="sum") / 5),
]


def loss_line(name, loss, width, labels, targets, weight, compute):
    scale = 4.0
    layer, parameters, logits = probe("probe0", (width,), scale)
    given = torch.tensor(labels if targets is None else targets)
    given = given if targets is None else given.double()
    total = weight * compute(logits, given)
    total.backward()
    head = {"labels": labels, "weight": weight}
    if targets is not None:
        head.update(targetWidth=width, targets=[v for row in targets for v in row])
    return result(name, scale, [node("probe0", layer, "input")], loss, head, total, logits,
                  {"probe0.weight": parameters.grad})


def main(folder):
    lines = {group: [layer_line(**given) for given in cases] for group, cases in GROUPS.items()}
    lines["losses"] = [loss_line(*given) for given in LOSSES]
    for group, texts in lines.items():
        path = pathlib.Path(folder) / (group + ".jsonl")
        path.write_text("\n".join(texts) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
