"""Trains a classifier by gradient descent on data made from a seed: small, but a real training, with Python alone.

    python train.py --epochs 30 --learning-rate 1.0
"""

import argparse
import json
import math
import os
import random
import time

from metrics import log

FEATURES = 8


def make_data(count, seed):
    """Points whose class depends on a hidden direction, with some noise, so that no model gets all of them right."""
    dice = random.Random(seed)
    hidden = [dice.uniform(-2, 2) for _ in range(FEATURES)]
    points = []
    for _ in range(count):
        point = [dice.gauss(0, 1) for _ in range(FEATURES)]
        score = sum(h * x for h, x in zip(hidden, point)) + dice.gauss(0, 0.5)
        points.append((point, 1 if score > 0 else 0))
    return points


def predict(weights, bias, point):
    score = bias + sum(w * x for w, x in zip(weights, point))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


def one_epoch(weights, bias, data, learning_rate):
    """A step against the gradient of the mean log loss; returns the new model and the loss before the step."""
    slopes, slope, loss = [0.0] * FEATURES, 0.0, 0.0
    for point, label in data:
        guess = predict(weights, bias, point)
        loss -= math.log(guess if label else 1 - guess)
        error = guess - label
        slope += error
        for i, x in enumerate(point):
            slopes[i] += error * x
    step = learning_rate / len(data)
    return [w - step * s for w, s in zip(weights, slopes)], bias - step * slope, loss / len(data)


def accuracy(weights, bias, data):
    return sum((predict(weights, bias, point) > 0.5) == (label == 1) for point, label in data) / len(data)


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--epochs", type=int, default=30)
    options.add_argument("--learning-rate", type=float, default=1.0)
    options.add_argument("--points", type=int, default=40000)
    options.add_argument("--seed", type=int, default=7)
    options = options.parse_args()

    data = make_data(options.points, options.seed)
    train, test = data[: len(data) * 4 // 5], data[len(data) * 4 // 5:]
    print(f"{len(train)} points to learn from, {len(test)} to be judged by", flush=True)

    weights, bias = [0.0] * FEATURES, 0.0
    began = time.monotonic()
    for epoch in range(1, options.epochs + 1):
        weights, bias, loss = one_epoch(weights, bias, train, options.learning_rate)
        print(f"epoch {epoch:3d}  loss {loss:.4f}", flush=True)
        log("loss", loss)

    right = accuracy(weights, bias, test)
    print(f"accuracy {right:.3f} after {time.monotonic() - began:.1f} s", flush=True)
    log("accuracy", right)

    os.makedirs("outputs", exist_ok=True)
    with open("outputs/model.json", "w") as file:
        json.dump({"weights": weights, "bias": bias, "accuracy": right}, file, indent=2)


if __name__ == "__main__":
    main()
