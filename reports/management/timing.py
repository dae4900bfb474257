"""Clock and memory gauge of the benchmark. Imports nothing of the project, so that a bare process can use it too."""

import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path


def timed(action: Callable, against: dict[str, Callable], rounds: int) -> tuple[float, dict[str, float]]:
    """Milliseconds of the action, and its ratio to each reference run right after it; medians over the rounds."""
    took, ratios = [], {name: [] for name in against}
    action()
    for reference in against.values():
        reference()
    for _ in range(rounds):
        mine = seconds(action)
        took.append(mine)
        for name, reference in against.items():
            ratios[name].append(mine / seconds(reference))
    return statistics.median(took) * 1000, {name: statistics.median(values) for name, values in ratios.items()}


def seconds(action: Callable) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def peak_mebibytes() -> float:
    """Peak resident memory of this process.

    Linux: not from getrusage, which remembers the peak of the process that started this one.
    """
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024
    scale = 1024 * 1024 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / scale
