"""Draws the images/s of all peers as bars, from the CSV file that PeersTable writes.

Arguments: the CSV file, and the picture to write.
"""

import csv
import sys

from matplotlib import pyplot


def number_of(speed):
    return f"{speed:.3g}" if speed < 100 else f"{speed:,.0f}"


def main(table, picture):
    with open(table, newline="") as file:
        rows = list(csv.DictReader(file))
    networks = list(dict.fromkeys(row["network"] for row in rows))
    cores = list(dict.fromkeys(row["cores"] for row in rows))
    peers = list(dict.fromkeys(row["peer"] for row in rows))
    figure, grid = pyplot.subplots(
        1, len(networks), figsize=(3.2 * len(networks) + 1, 4), constrained_layout=True, squeeze=False
    )
    width = 0.8 / len(peers)
    for axes, network in zip(grid[0], networks):
        for number, peer in enumerate(peers):
            speeds = {
                row["cores"]: float(row["images_per_second"])
                for row in rows
                if row["network"] == network and row["peer"] == peer
            }
            places = [cores.index(c) + (number - (len(peers) - 1) / 2) * width for c in speeds]
            bars = axes.bar(places, speeds.values(), width, label=peer, color=f"C{number}")
            axes.bar_label(bars, [number_of(s) for s in speeds.values()], fontsize=6, rotation=90, padding=2)
        axes.set(title=network, xlabel="cores", yscale="log")
        axes.set_xticks(range(len(cores)), cores)
        axes.margins(y=0.15)
        axes.grid(axis="y", alpha=0.3)
    grid[0][0].set(ylabel="images/s, training")
    grid[0][-1].legend(fontsize=7, loc="upper left", bbox_to_anchor=(1, 1))
    figure.savefig(picture, metadata={"Date": None} if picture.endswith(".svg") else None)


if __name__ == "__main__":
    main(*sys.argv[1:])
