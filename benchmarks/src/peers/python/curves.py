"""Draws and tables how trainings went that differ in what their lanes average.

Arguments: a folder with NAME.log, what `convoy train` printed, and NAME.json, the evaluation on the test
images, of each training; and the picture to write. Prints a table in Markdown.
"""

import json
import pathlib
import re
import sys

from matplotlib import pyplot

EPOCH = re.compile(r"epoch +(\d+)/\d+ +loss +([\d.]+)")
HELD_OUT = re.compile(r"held out: accuracy ([\d.]+)%")


def curve(log):
    """Training loss and accuracy on the held-out images by epoch; a line may overwrite another."""
    losses, accuracies = {}, {}
    epoch = 0
    for line in re.split(r"[\r\n]+", log):
        if found := EPOCH.match(line):
            epoch = int(found[1])
            losses[epoch] = float(found[2])
        elif epoch and (found := HELD_OUT.search(line)):
            accuracies.setdefault(epoch, float(found[1]))
    return [losses[e] for e in sorted(losses)], [accuracies[e] for e in sorted(accuracies)]


def order(log):
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", log.stem)]


def main(folder, picture):
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(10, 4), constrained_layout=True)
    print("| lanes average | held-out accuracy by epoch, % | training loss, last epoch | test accuracy |")
    print("|---|---|---|---|")
    for log in sorted(pathlib.Path(folder).glob("*.log"), key=order):
        losses, accuracies = curve(log.read_text())
        test = json.loads(log.with_suffix(".json").read_text())["accuracy"]
        epochs = range(1, len(losses) + 1)
        name = log.stem.replace("-", ", k = ")
        left.plot(epochs, losses, label=name)
        right.plot(range(1, len(accuracies) + 1), accuracies, label=name)
        by_epoch = ", ".join(f"{a:.1f}" for a in accuracies)
        print(f"| {name} | {by_epoch} | {losses[-1]:.3f} | {100 * test:.2f}% |")
    left.set(xlabel="epoch", ylabel="training loss")
    right.set(xlabel="epoch", ylabel="accuracy on held-out images, %")
    for axes in (left, right):
        axes.grid(alpha=0.3)
        axes.legend()
    figure.savefig(picture, metadata={"Date": None} if picture.endswith(".svg") else None)


if __name__ == "__main__":
    main(*sys.argv[1:])
