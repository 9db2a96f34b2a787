"""Measures how long trainings take until their accuracy on held-out images reaches a threshold.

Arguments: the threshold in per cent, how often each runs, and then NAME COMMAND for each, a command in one
word. A command prints "epoch N/M" and "held out: accuracy P%" after each epoch, and is ended at the threshold.
Time runs from the start of the command, so that it includes the JVM, Spark, reading images and evaluations.
Prints a table in Markdown.
"""

import re
import shlex
import statistics
import subprocess
import sys
import time

EPOCH = re.compile(r"epoch +(\d+)/\d+")
HELD_OUT = re.compile(r"held out: accuracy ([\d.]+)%")


def train(command, threshold):
    """Seconds, epoch and accuracy when the threshold was reached, or else of the end and of the best epoch."""
    start = time.monotonic()
    epoch, best = 0, (0.0, 0)
    process = subprocess.Popen(
        shlex.split(command), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    )
    try:
        for line in process.stdout:
            print(line, end="", file=sys.stderr)
            if found := EPOCH.search(line):
                epoch = int(found[1])
            if found := HELD_OUT.search(line):
                best = max(best, (float(found[1]), epoch))
                if best[0] >= threshold:
                    return time.monotonic() - start, best[1], best[0], True
        if process.wait() != 0:
            sys.exit(f"{command}: exit code {process.returncode}")
        return time.monotonic() - start, best[1], best[0], False
    finally:
        process.terminate()
        process.stdout.close()
        process.wait()


def main(threshold, rounds, *words):
    names, commands = words[::2], words[1::2]
    runs = {name: [] for name in names}
    for _ in range(int(rounds)):
        for name, command in zip(names, commands):
            runs[name].append(train(command, float(threshold)))
    print(f"| training | time to {threshold}%, s | epoch | accuracy | to {names[0]} |")
    print("|---|---|---|---|---|")
    base = statistics.median(run[0] for run in runs[names[0]])
    for name in names:
        seconds = sorted(run[0] for run in runs[name])
        median = statistics.median(seconds)
        reached = all(run[3] for run in runs[name])
        spread = f" ({seconds[0]:.1f}–{seconds[-1]:.1f})" if len(seconds) > 1 else ""
        figure = f"{median:.1f}{spread}" if reached else f"not within {median:.1f}"
        epochs = ", ".join(dict.fromkeys(str(run[1]) for run in runs[name]))
        accuracies = ", ".join(dict.fromkeys(f"{run[2]:.2f}%" for run in runs[name]))
        print(f"| {name} | {figure} | {epochs} | {accuracies} | {median / base:.1f}× |")


if __name__ == "__main__":
    main(*sys.argv[1:])
