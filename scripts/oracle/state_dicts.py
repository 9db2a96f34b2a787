"""Writes the names and shapes of torchvision's tensors, which the zoo's networks must have.

One file for each network: a line of JSON for each tensor. Counters of batches are left out.
"""

import json
import pathlib
import sys

import torchvision.models as models

NETWORKS = [
    "vgg11", "vgg13", "vgg16", "vgg19", "resnet18", "resnet34", "resnet50", "resnet101",
    "resnet152", "inception_v3", "mobilenet_v2", "squeezenet1_1", "vgg16_bn",
]


def main(folder):
    for name in NETWORKS:
        options = {"init_weights": False} if name == "inception_v3" else {}
        network = getattr(models, name)(**options)
        lines = [
            json.dumps([key, list(value.shape)])
            for key, value in sorted(network.state_dict().items())
            if not key.endswith("num_batches_tracked")
        ]
        (pathlib.Path(folder) / (name + ".jsonl")).write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
