"""torchvision with Pillow, as a contestant: see the Java class Contestant for what it says and hears.

Arguments: a folder of JPEG files; cifar, crop, jitter or hue. A step is all files once, on one thread.
"""

import io
import pathlib
import statistics
import sys
import time

import torch
from PIL import Image
from torchvision import transforms

TURN_SECONDS = 2
NORMALISED = [
    transforms.ToTensor(),
    transforms.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
]
RESIZED_CROP = [transforms.RandomResizedCrop(224), transforms.RandomHorizontalFlip()]
PIPELINES = {
    "cifar": [transforms.RandomCrop(32, padding=4), transforms.RandomHorizontalFlip()],
    "crop": RESIZED_CROP,
    "jitter": RESIZED_CROP + [transforms.ColorJitter(0.2, 0.2, 0.2)],
    "hue": RESIZED_CROP + [transforms.ColorJitter(0.2, 0.2, 0.2, 0.1)],
}


def main(folder, name):
    torch.set_num_threads(1)
    files = [file.read_bytes() for file in sorted(pathlib.Path(folder).iterdir())]
    pipeline = transforms.Compose(PIPELINES[name] + NORMALISED)
    batch = torch.empty(0)

    def step():
        nonlocal batch
        for content in files:
            tensor = pipeline(Image.open(io.BytesIO(content)).convert("RGB"))
            if batch.numel() == 0:
                batch = torch.empty_like(tensor)
            batch.copy_(tensor)

    step()
    print("ready", flush=True)
    for _ in sys.stdin:
        times = []
        begin = time.perf_counter()
        while len(times) < 2 or time.perf_counter() - begin < TURN_SECONDS:
            start = time.perf_counter()
            step()
            times.append((time.perf_counter() - start) * 1000)
        print(0, statistics.median(times), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
