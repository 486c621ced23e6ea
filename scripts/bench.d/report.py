"""Medians, their spread and the ranges that they must keep: for people as a table, for programs as one flat object."""

import json
from pathlib import Path
from statistics import median

RANGES = Path(__file__).parent.parent / "bench-ranges.json"


class Report:

    def __init__(self):
        self.samples = {}
        self.ratios = {}
        self.left_out = {}
        self.ranges = json.loads(RANGES.read_text())

    def add(self, samples):
        self.samples.update(samples)

    def ratio(self, key, above, below):
        """The ratio of two medians that were measured in turns."""
        if above in self.samples:
            self.ratios[key] = median(self.samples[above]) / median(self.samples[below])

    def values(self):
        """What has a range, and its neighbours, by key; the rest is only shown."""
        values = {key: median(samples) for key, samples in self.samples.items() if key in self.ranges}
        values.update(self.ratios)
        return {key: round(values[key], 3) for key in self.ranges if key in values}

    def write(self, path):
        Path(path).write_text(json.dumps(self.values(), indent=2) + "\n")

    def table(self):
        yield f"{'':32}{'median':>10}{'lowest':>10}{'highest':>10}{'n':>5}"
        for key, samples in self.samples.items():
            figures = "".join(f"{_short(each):>10}" for each in (median(samples), min(samples), max(samples)))
            yield f"{key:32}{figures}{len(samples):>5}"
        for key, value in self.ratios.items():
            yield f"{key:32}{_short(value):>10}"

    def complaints(self):
        """One line for each key that is outside of its range or could not be measured."""
        values = self.values()
        for key, allowed in self.ranges.items():
            if key in self.left_out:
                yield f"NOT MEASURED: {key}: {self.left_out[key]}"
            elif key not in values:
                continue  # it was not asked for
            elif values[key] > allowed.get("max", float("inf")):
                yield f"OUT OF RANGE: {key} is {_short(values[key])}, at most {allowed['max']} is allowed"
            elif values[key] < allowed.get("min", float("-inf")):
                yield f"OUT OF RANGE: {key} is {_short(values[key])}, at least {allowed['min']} is expected"


def _short(value):
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 1000 else f"{value:.0f}"
