"""Writes what ten steps of each optimizer make of a network's tensors, computed by PyTorch.

Arguments: the folder to write to, core-nn/src/test/resources/golden/optimizers. Parameters and
gradients come from counter.py; biases and shifts start at zero. Everything is in double precision,
so that the files hold no rounding of PyTorch's. The learning rate falls at every step: formulas
that agree only at a constant rate then differ. Cases with a large epsilon tell where it is added.
Only weights decay, as in training. LARS is not in PyTorch: its formula stands below.
"""

import json
import pathlib
import sys

import torch

import counter

STEPS = 10

# Name and shape of each trained tensor; the largest spans two blocks of the flat vector.
TENSORS = {
    "conv.weight": (8, 3, 3, 3),
    "conv.bias": (8,),
    "norm.weight": (8,),
    "norm.bias": (8,),
    "fc.weight": (10, 2592),
    "fc.bias": (10,),
}
DECAYED = ("conv.weight", "fc.weight")


class Lars(torch.optim.Optimizer):
    """You, Gitman and Ginsburg, Large batch training of convolutional networks, algorithm 1.

    https://arxiv.org/abs/1708.03888. The rate is inside the velocity. A tensor whose norm or whose
    gradient's norm is zero follows the plain gradient, as do biases and batch norm's tensors.
    """

    def __init__(self, groups, lr, trust, momentum, epsilon):
        super().__init__(groups, {"lr": lr, "weight_decay": 0})
        self.trust, self.momentum, self.epsilon = trust, momentum, epsilon

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            decay = group["weight_decay"]
            for w in group["params"]:
                norm, slope = w.norm(), w.grad.norm()
                ratio = 1.0
                if group["adapted"] and norm > 0 and slope > 0:
                    ratio = self.trust * norm / (slope + decay * norm + self.epsilon)
                state = self.state.setdefault(w, {"velocity": torch.zeros_like(w)})
                velocity = state["velocity"]
                velocity.mul_(self.momentum).add_(group["lr"] * ratio * (w.grad + decay * w))
                w.sub_(velocity)


def case(optimizer, make, rate, decay=0.0, clip=0.0):
    return dict(optimizer=optimizer, make=make, rate=rate, weightDecay=decay, clipNorm=clip)


# File name: what the user writes, the same in PyTorch, first rate, weight decay, clipping.
CASES = {
    "sgd-plain": case("sgd(momentum=0)", lambda g: torch.optim.SGD(g, 0.1), 0.1),
    "sgd-momentum": case(
        "sgd(momentum=0.9)", lambda g: torch.optim.SGD(g, 0.1, momentum=0.9), 0.1),
    "sgd-nesterov": case(
        "sgd(momentum=0.9, nesterov)",
        lambda g: torch.optim.SGD(g, 0.1, momentum=0.9, nesterov=True), 0.1, decay=0.05),
    "sgd-decay": case(
        "sgd(momentum=0.8)", lambda g: torch.optim.SGD(g, 0.1, momentum=0.8), 0.1, decay=0.05),
    "sgd-clipped": case(
        "sgd(momentum=0.9)", lambda g: torch.optim.SGD(g, 0.1, momentum=0.9), 0.1,
        decay=0.05, clip=70.0),
    "rmsprop": case("rmsprop", lambda g: torch.optim.RMSprop(g, 0.01), 0.01),
    "rmsprop-momentum": case(
        "rmsprop(alpha=0.9, epsilon=0.05, momentum=0.8)",
        lambda g: torch.optim.RMSprop(g, 0.01, alpha=0.9, eps=0.05, momentum=0.8), 0.01,
        decay=0.05),
    "adam": case("adam", lambda g: torch.optim.Adam(g, 0.01), 0.01),
    "adam-decay": case(
        "adam(beta1=0.8, beta2=0.99, epsilon=0.05)",
        lambda g: torch.optim.Adam(g, 0.01, betas=(0.8, 0.99), eps=0.05), 0.01, decay=0.05),
    "adamw": case("adamw", lambda g: torch.optim.AdamW(g, 0.01), 0.01, decay=0.5),
    "adamw-clipped": case(
        "adamw(beta1=0.8, beta2=0.99, epsilon=0.05)",
        lambda g: torch.optim.AdamW(g, 0.01, betas=(0.8, 0.99), eps=0.05), 0.01,
        decay=0.5, clip=70.0),
    "lars": case(
        "lars(momentum=0.9, trust=0.02, epsilon=0.05)",
        lambda g: Lars(g, 0.5, trust=0.02, momentum=0.9, epsilon=0.05), 0.5, decay=0.05),
    "lars-clipped": case(
        "lars(momentum=0.8, trust=0.01)",
        lambda g: Lars(g, 0.5, trust=0.01, momentum=0.8, epsilon=1e-9), 0.5, clip=70.0),
}


def run(make, rates, weight_decay, clip_norm):
    """The tensors after one step at each rate."""
    tensors = {}
    for name, shape in TENSORS.items():
        start = torch.from_numpy(counter.values("parameter " + name, *shape))
        tensors[name] = torch.zeros_like(start) if name.endswith(".bias") else start
    groups = [
        {"params": [tensors[n] for n in tensors if (n in DECAYED) == decayed],
         "weight_decay": weight_decay if decayed else 0.0,
         "adapted": decayed}
        for decayed in (True, False)
    ]
    optimizer = make(groups)
    for step, rate in enumerate(rates):
        for name, tensor in tensors.items():
            text = "gradient %d %s" % (step, name)
            tensor.grad = torch.from_numpy(counter.values(text, *tensor.shape))
        if clip_norm > 0:
            torch.nn.utils.clip_grad_norm_(tensors.values(), clip_norm)
        for group in optimizer.param_groups:
            group["lr"] = rate
        optimizer.step()
    return tensors


def main(folder):
    for file, given in CASES.items():
        rates = [round(given["rate"] * (1 - step / 20), 9) for step in range(STEPS)]
        tensors = run(given["make"], rates, given["weightDecay"], given["clipNorm"])
        head = {k: given[k] for k in ("optimizer", "weightDecay", "clipNorm")}
        head["learningRates"] = rates
        lines = [json.dumps(head)]
        lines += [json.dumps(counter.golden(n, t.numpy())) for n, t in tensors.items()]
        (pathlib.Path(folder) / (file + ".jsonl")).write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
