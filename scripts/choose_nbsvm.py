"""Shows why the constants of NB-SVM are what they are: prints tables, writes nothing into the project.

    python scripts/choose_nbsvm.py FOLDER [NAME ...]      # from the project root; NAME limits it to some constants

FOLDER holds the published sets. For each constant and candidate value a copy of the project in a temporary folder is
changed, built and trained on every `train.csv`; what training says of itself out of fold (three folds, so no row is judged
by a model that has seen it) is the figure. No test split is read. Each candidate is a build and some minutes.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SMALL = ["masakhanews-eng"] + [f"sib200-{x}" for x in ("eng_Latn", "arb_Arab", "jpn_Jpan", "zho_Hans", "tha_Thai", "deu_Latn",
                                                      "hin_Deva", "rus_Cyrl")]
LARGE = ["ohsumed", "r8", "r52", "wiki-events", "20newsgroups-body", "ag-news", "reuters-r90"]
# name: file, pattern with the value as its group, candidates
CONSTANTS = {
    "character weight": ("src/features/blocks.rs", r"CHARACTER_WEIGHT: f64 = ([\d.]+)", ["0.7", "1.0", "1.4", "2.0"]),
    "weight of pairs and prefixes": ("src/features/blocks.rs", r"OTHER_WEIGHT: f64 = ([\d.]+)", ["0.35", "0.5", "0.7"]),
    "companion alpha": ("src/bayes/nbsvm/companion.rs", r"const ALPHA: f64 = ([\d.]+)", ["0.1", "0.3", "0.7"]),
    "prior alpha": ("src/bayes/nbsvm/prior.rs", r"const ALPHA: f64 = ([\d.]+)", ["0.1", "0.3", "1.0"]),
    "sweeps": ("src/bayes/nbsvm/solver.rs", r"sweeps: (\d+), still", ["4", "6", "20"]),
    "cost": ("src/bayes/nbsvm/fit.rs", r"const COST: f64 = ([\d.]+)", ["0.25", "0.5", "1.0"]),
    "features": ("src/bayes/nbsvm/fit.rs", r"max_features: ([\d_]+), folds", ["20_000", "50_000", "100_000"]),
    "rows up to which letters are tried": ("src/tagger/linear_trainer.rs", r"CHARACTER_ROWS: usize = ([\d_]+)",
                                           ["4000", "8000"]),
}
LINE = re.compile(r"out of fold topic: ([\d.]+) %.*log likelihood (\S+)")


def figures(program, folder, name):
    with tempfile.NamedTemporaryFile(suffix=".safetensors") as model:
        run = subprocess.run([program, "train", folder / name / "train.csv", "--label", "topic", "--output", model.name],
                             capture_output=True, text=True, check=True)
    right, likelihood = LINE.search(run.stderr).groups()
    return float(right), float(likelihood)


def main():
    folder, wanted = Path(sys.argv[1]), sys.argv[2:] or list(CONSTANTS)
    sets = [name for name in SMALL + LARGE if (folder / name).is_dir()]
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "copy"
        shutil.copytree(".", copy, ignore=shutil.ignore_patterns("target", ".git"))
        for constant in wanted:
            file, pattern, candidates = CONSTANTS[constant]
            text = (copy / file).read_text()
            found = re.search(pattern, text)
            print(f"\n{constant} (now {found[1]}): out-of-fold accuracy in percent, log likelihood", flush=True)
            print(f"{'':8}" + "".join(f"{name[-16:]:>18}" for name in sets) + f"{'mean':>18}")
            for value in candidates:
                (copy / file).write_text(text[: found.start(1)] + value + text[found.end(1):])
                subprocess.run(["cargo", "build", "--release", "--quiet"], cwd=copy, check=True)
                cells = [figures(copy / "target/release/wiredesk", folder, name) for name in sets]
                cells.append(tuple(sum(c[i] for c in cells) / len(cells) for i in (0, 1)))
                print(f"{value:8}" + "".join(f"{a:>9.2f} {b:>8.4f}" for a, b in cells), flush=True)
            (copy / file).write_text(text)


if __name__ == "__main__":
    main()
