"""The command behind scripts/train."""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path

import torch

from . import card, comparison, explanation, items, latency, small_damage, steps
from .recipe import Recipe

ROOT = Path(__file__).resolve().parents[2]
SMOKE = {"passes": 1, "epochs": 1, "centroids": 8}
STUDIES = {
    "comparison": comparison.study,
    "explanation": explanation.study,
    "items": items.study,
    "small-damage": small_damage.study,
    "labels": steps.look_for_wrong_labels,
    "sizes": latency.worth,
    "times": latency.times,
}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/train", description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data",
                        help="folder with manifest.csv, annotations.csv and photos/")
    parser.add_argument("--output", type=Path,
                        help="where the model and its papers go (models; .cache/smoke for --smoke)")
    parser.add_argument("--cache", type=Path,
                        help="views and unfinished weights, under .cache; may be deleted")
    parser.add_argument("--device", default="cpu", help="cpu (default) or cuda")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--workers", type=int, default=2, help="processes that make views")
    parser.add_argument("--passes", type=int, help="override the recipe's number of view sets")
    parser.add_argument("--epochs", type=int, help="override the recipe's number of epochs")
    parser.add_argument("--smoke", action="store_true",
                        help="three hundred photos, minutes: proves the chain, not the model")
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--evaluate", action="store_true",
                      help="only remake metrics, plots and card from the model in --output")
    mode.add_argument("--leave-one-out", action="store_true",
                      help="train without each source and judge on it")
    mode.add_argument("--study", choices=sorted(STUDIES),
                      help="measure one thing for the model card; docs/judging.md says what")
    mode.add_argument("--export", action="store_true",
                      help="export and judge the weights that lie in --cache")
    return parser.parse_args()


def main() -> None:
    options = arguments()
    torch.set_num_threads(options.threads)
    changes = dict(SMOKE) if options.smoke else {}
    changes |= {
        name: getattr(options, name) for name in ("passes", "epochs") if getattr(options, name)
    }
    recipe = dataclasses.replace(Recipe(), **changes)
    name = "smoke" if options.smoke else "train"
    cache = options.cache or ROOT / ".cache" / name
    output = options.output or (cache if options.smoke else ROOT / "models")
    work = steps.Work(
        options.data, output, cache, options.device, options.workers, recipe,
        rendered=ROOT / ".cache" / "rendered",
        photo_limit=300 if options.smoke else None,
    )
    if options.leave_one_out:
        steps.leave_one_out(work)
        card.write(output)
    elif options.study:
        STUDIES[options.study](work)
        card.write(output)
    elif options.evaluate:
        steps.judge(work)
    else:
        if not options.export:
            steps.look_for_wrong_labels(work)
            steps.train(work)
        steps.ship(work)
        steps.judge(work)


if __name__ == "__main__":
    main()
