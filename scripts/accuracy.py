"""Writes docs/accuracy.md: wiredesk against scikit-learn and fastText, on published train and test splits.

    pip install scikit-learn==1.9.1 numpy==2.4.6 scipy==1.17.1 fasttext-wheel==0.9.2
    cargo build --release
    python scripts/accuracy.py FOLDER                  # from the project root; our figures, about a minute
    python scripts/accuracy.py FOLDER --baselines      # theirs first: minutes, much longer with fastText

FOLDER (or the variable WIREDESK_DATA) holds a folder a set with `train.csv` and `test.csv`, columns `text` and `topic`
or `region`, several labels joined by `|`. The first form needs Python alone: figures of the baselines come from
`scripts/accuracy_baselines.json`, which the second form writes, with a digest of the data they were measured on. A set
whose data have changed since is an error, not a figure. `--sets NAME ...` measures only the baselines of these sets
again, `--no-fasttext` leaves out the slowest (minutes a run on long texts); without it its cells stay empty and a note
says so.

Every figure is of the test split, of a model trained on the train split with settings written down here: nothing is
chosen by looking at test, except for fastText (a setting or two, and the best of five runs), to its advantage. Seeded, one thread where
threads change figures: running it again writes the same file.

Accuracy and averages are those of scikit-learn with `zero_division=0`; macro-F1 runs over labels that occur in gold or
prediction, as it does in `wiredesk evaluate`.
"""

import argparse
import csv
import hashlib
import json
import math
import os
import re
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

SETS = {  # set: facet
    "20newsgroups-body": "topic",
    "ag-news": "topic",
    "masakhanews-eng": "topic",
    "ohsumed": "topic",
    "r8": "topic",
    "r52": "topic",
    "wiki-events": "topic",
    "sib200-eng_Latn": "topic",
    "sib200-deu_Latn": "topic",
    "sib200-rus_Cyrl": "topic",
    "sib200-arb_Arab": "topic",
    "sib200-hin_Deva": "topic",
    "sib200-tha_Thai": "topic",
    "sib200-jpn_Jpan": "topic",
    "sib200-zho_Hans": "topic",
    "reuters-r90": "topic",
    "reuters-places": "region",
}
MULTI = ["reuters-r90", "reuters-places"]
SIB = [name for name in SETS if name.startswith("sib200-")]
SINGLE = [name for name in SETS if name not in MULTI and name not in SIB]

ESTIMATORS = ["nbsvm", "complement", "multinomial"]
WORD_BASELINES = ["MNB", "CNB 1", "CNB .3", "SVC words", "SVC pairs", "LR"]
CHARACTER_BASELINES = ["SVC chars", "CNB chars", "SVC in-word", "CNB in-word"]
CUT_BASELINE = "SVC cuts"
FASTTEXT = {  # thread, seed, loss and bucket are the same in all
    "fastText lr .1": {"lr": 0.1, "epoch": 25},
    "fastText lr .5": {"lr": 0.5, "epoch": 25},
    "fastText lr 1": {"lr": 1.0, "epoch": 25},
    "fastText pairs": {"lr": 0.5, "epoch": 25, "wordNgrams": 2},
    "fastText 100 epochs": {"lr": 1.0, "epoch": 100},
}
CHARACTERS = {"fastText characters": {"lr": 1.0, "epoch": 100, "minn": 1, "maxn": 4}}  # sib200, in place of the fourth
BINS = 15
COVERAGES = [0.8, 0.9, 0.95]
SEED = 0

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / "scripts" / "accuracy_baselines.json"
PAGE = ROOT / "docs" / "accuracy.md"


# Data


def read(path, facet):
    """Texts, and a list of labels for each."""
    csv.field_size_limit(2**31 - 1)
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [row["text"] for row in rows], [row[facet].split("|") for row in rows]


def digest(folder):
    """Names the data: figures of other data may not stand in one table with ours."""
    both = b"".join((folder / part).read_bytes() for part in ("train.csv", "test.csv"))
    return hashlib.sha256(both).hexdigest()[:16]


# Their figures


def score(gold, predicted, multi):
    """Accuracy and macro-F1, or micro and macro-F1 of a multi-label set. Both arguments are lists of lists."""
    from sklearn.metrics import accuracy_score, f1_score
    from sklearn.preprocessing import MultiLabelBinarizer

    labels = sorted({label for row in gold + predicted for label in row})
    indicators = MultiLabelBinarizer(classes=labels)
    gold_matrix, predicted_matrix = indicators.fit_transform(gold), indicators.transform(predicted)
    macro = f1_score(gold_matrix, predicted_matrix, average="macro", zero_division=0)
    if multi:
        first = f1_score(gold_matrix, predicted_matrix, average="micro", zero_division=0)
    else:
        first = accuracy_score([row[0] for row in gold], [row[0] if row else "" for row in predicted])
    return [round(float(first), 4), round(float(macro), 4)]


def features(train, test):
    """Matrices of train and test by name, made when asked for."""
    from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

    vectorizers = {
        "counts": lambda: CountVectorizer(),
        "words": lambda: TfidfVectorizer(sublinear_tf=True),
        "pairs": lambda: TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2)),
        "chars": lambda: TfidfVectorizer(sublinear_tf=True, analyzer="char", ngram_range=(1, 2)),
        "in-word": lambda: TfidfVectorizer(sublinear_tf=True, analyzer="char_wb", ngram_range=(3, 5)),
    }
    made = {}

    def matrices(name):
        if name not in made:
            vectorizer = vectorizers[name]()
            made[name] = vectorizer.fit_transform(train), vectorizer.transform(test)
        return made[name]

    return matrices


def classifiers():
    """Per baseline: which matrices, and the classifier."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.naive_bayes import ComplementNB, MultinomialNB
    from sklearn.svm import LinearSVC

    svc = LinearSVC(C=1, random_state=SEED)
    return {
        "MNB": ("counts", MultinomialNB(alpha=1)),
        "CNB 1": ("words", ComplementNB(alpha=1)),
        "CNB .3": ("words", ComplementNB(alpha=0.3)),
        "SVC words": ("words", svc),
        "SVC pairs": ("pairs", svc),
        "LR": ("words", LogisticRegression(C=1, max_iter=1000)),
        "SVC chars": ("chars", svc),
        "CNB chars": ("chars", ComplementNB(alpha=0.3)),
        "SVC in-word": ("in-word", svc),
        "CNB in-word": ("in-word", ComplementNB(alpha=0.3)),
    }


def scikit_learn(name, train, train_labels, test, gold):
    """Figures of all scikit-learn baselines of a set. Multi-label: one classifier a label against the rest."""
    from sklearn.base import clone
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.preprocessing import MultiLabelBinarizer

    multi, matrices, figures = name in MULTI, features(train, test), {}
    indicators = MultiLabelBinarizer()
    target = indicators.fit_transform(train_labels) if multi else [row[0] for row in train_labels]
    wanted = WORD_BASELINES + (CHARACTER_BASELINES if name in SIB else [])
    for baseline, (which, classifier) in classifiers().items():
        if baseline not in wanted:
            continue
        start = time.monotonic()
        x_train, x_test = matrices(which)
        model = OneVsRestClassifier(clone(classifier)) if multi else clone(classifier)
        predicted = model.fit(x_train, target).predict(x_test)
        predicted = indicators.inverse_transform(predicted) if multi else [[label] for label in predicted]
        figures[baseline] = score(gold, [list(row) for row in predicted], multi)
        say(f"{name}: {baseline} {figures[baseline]}, {time.monotonic() - start:.1f} s")
    if multi:
        x_train, x_test = matrices("words")
        predicted = indicators.inverse_transform(with_cuts(x_train, target, x_test))
        figures[CUT_BASELINE] = score(gold, [list(row) for row in predicted], multi)
        say(f"{name}: {CUT_BASELINE} {figures[CUT_BASELINE]}")
    return figures


def with_cuts(x_train, target, x_test, shrink=10):
    """A linear SVM whose cut per label is fitted on out-of-fold margins and shrunk to one for all; at least one label.

    The stronger form of the baseline, and how wiredesk decides: t_k' = (n_k t_k + 10 t_0) / (n_k + 10).
    """
    import numpy as np
    from sklearn.model_selection import KFold
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.svm import LinearSVC

    def margins(rows, x):
        return OneVsRestClassifier(LinearSVC(C=1, random_state=SEED)).fit(x_train[rows], target[rows]).decision_function(x)

    held = np.zeros(target.shape)
    for rows, out in KFold(3, shuffle=True, random_state=SEED).split(target):
        held[out] = margins(rows, x_train[out])
    n = target.sum(axis=0)

    def f1s(cut):
        answer = held > cut
        right, given = (answer & (target == 1)).sum(axis=0), answer.sum(axis=0)
        return 2 * right.sum() / (given.sum() + n.sum()) + (2 * right / np.maximum(given + n, 1)).mean()

    common = max(np.linspace(-1, 1, 201), key=f1s)
    cuts = np.zeros(len(n))
    for k in range(len(n)):
        order = np.argsort(-held[:, k], kind="stable")
        f1 = 2 * np.cumsum(target[order, k]) / (np.arange(1, len(order) + 1) + n[k])
        best = min(int(np.argmax(f1)), len(order) - 2)
        cuts[k] = held[order[best : best + 2], k].mean()
    above = margins(np.arange(len(target)), x_test) - (n * cuts + shrink * common) / (n + shrink)
    answer = above > 0
    none = ~answer.any(axis=1)
    answer[none, above[none].argmax(axis=1)] = True
    return answer.astype(int)


def fasttext_line(text):
    """The preparation of fastText's tutorial: lower case, punctuation set apart."""
    return " ".join("".join(f" {c} " if c in ".!?,'/()" else c for c in text.lower()).split())


def fasttext_settings(name):
    """Five, always; sib200 has scripts without words, and characters in place of pairs."""
    settings = list(FASTTEXT.items())
    if name in SIB:
        settings[3:4] = CHARACTERS.items()
    return dict(settings)


def fasttext(name, train, train_labels, test, gold):
    """Figures of the fastText runs of a set; nothing where it is not installed."""
    try:
        from fasttext import train_supervised
    except ImportError:
        say(f"{name}: fastText is not installed and left out")
        return {}
    multi, figures = name in MULTI, {}
    labels = sorted({label for row in train_labels for label in row})
    number = {label: i for i, label in enumerate(labels)}
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".txt") as file:
        for text, row in zip(train, train_labels):
            file.write(" ".join(f"__label__{number[label]}" for label in row) + f" {fasttext_line(text)}\n")
        file.flush()
        for setting, options in fasttext_settings(name).items():
            start = time.monotonic()
            try:
                model = train_supervised(
                    file.name, loss="ova" if multi else "softmax", bucket=200_000, thread=1, seed=SEED, verbose=0, **options
                )
            except RuntimeError as error:  # a learning rate that is too high ends in "Encountered NaN"
                say(f"{name}: {setting}: {error}")
                continue
            lines = [fasttext_line(text) for text in test]
            answers, _ = model.predict(lines, k=-1 if multi else 1, threshold=0.5 if multi else 0.0)
            predicted = [[labels[int(label.removeprefix("__label__"))] for label in row] for row in answers]
            figures[setting] = score(gold, predicted, multi)
            say(f"{name}: {setting} {figures[setting]}, {time.monotonic() - start:.1f} s")
    return figures


def measure_baselines(data, names, with_fasttext=True):
    """Measures the baselines of these sets and keeps them in the cache, set by set."""
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # the order of sums; read when numpy is loaded
    import numpy
    import scipy
    import sklearn

    warnings.filterwarnings("ignore", message="Label not .* is present in all training examples")
    cache = json.loads(CACHE.read_text()) if CACHE.exists() else {"sets": {}}
    cache["packages"] = {"numpy": numpy.__version__, "scikit-learn": sklearn.__version__, "scipy": scipy.__version__}
    for name in names:
        facet = SETS[name]
        train, train_labels = read(data / name / "train.csv", facet)
        test, gold = read(data / name / "test.csv", facet)
        figures = scikit_learn(name, train, train_labels, test, gold)
        if with_fasttext:
            figures |= fasttext(name, train, train_labels, test, gold)
        cache["sets"][name] = {
            "data": digest(data / name),
            "rows": [len(train), len(test)],
            "labels": len({label for row in train_labels for label in row}),
            "figures": figures,
        }
        cache["sets"] = {name: cache["sets"][name] for name in SETS if name in cache["sets"]}
        CACHE.write_text(compact(cache))


def compact(cache):
    """JSON with a line a figure, so that a change is a diff of its own."""
    pair = re.compile(r"\[\s+([\d.]+),\s+([\d.]+)\s+\]")
    return pair.sub(r"[\1, \2]", json.dumps(cache, indent=1)) + "\n"


# Our figures


def wiredesk(program, *arguments):
    answer = subprocess.run([program, *arguments, "--quiet"], capture_output=True, text=True, encoding="utf-8")
    if answer.returncode != 0:
        sys.exit(f"wiredesk {' '.join(map(str, arguments))}: {answer.stderr.strip()}")
    return answer.stdout


def ours(program, data, name, estimator):
    """Figures of an estimator on a set: [accuracy or micro-F1, macro-F1], calibration error, accuracy by coverage."""
    facet, folder = SETS[name], data / name
    _, gold = read(folder / "test.csv", facet)
    with tempfile.TemporaryDirectory() as scratch:
        model = Path(scratch) / "model.safetensors"
        option = [] if estimator == "nbsvm" else ["--estimator", estimator]
        wiredesk(program, "train", folder / "train.csv", "--label", facet, *option, "--output", model)
        asked = [folder / "test.csv", "--model", model]
        evaluation = json.loads(wiredesk(program, "evaluate", *asked, "--label", facet, "--format", "json"))
        tagged = wiredesk(program, "tag", *asked, "--top", "1", "--format", "jsonl")
    figures = evaluation["facets"][facet]
    first = figures["micro"]["f1"] if name in MULTI else figures["accuracy"]
    sure = []  # (probability of the most probable label, is it right); a text without a known word has none
    for line, labels in zip(tagged.splitlines(), gold, strict=True):
        tags = json.loads(line)["tags"][facet]
        sure.append((tags[0]["probability"], tags[0]["label"] in labels) if tags else (0.0, False))
    say(f"{name}: {estimator} {first:.4f} {figures['macro']['f1']:.4f}")
    return {
        "figures": [first, figures["macro"]["f1"]],
        "calibration": calibration_error(sure),
        "all": accuracy_at(sure, 1.0),
        "covered": [accuracy_at(sure, coverage) for coverage in COVERAGES],
    }


def calibration_error(sure):
    """Expected calibration error of the most probable label in equal bins (Guo et al. 2017)."""
    bins = [[0.0, 0] for _ in range(BINS)]
    for probability, right in sure:
        bin = bins[min(max(math.ceil(probability * BINS), 1), BINS) - 1]
        bin[0] += probability
        bin[1] += right
    return sum(abs(probability - right) for probability, right in bins) / len(sure)


def accuracy_at(sure, coverage):
    """Accuracy on the surest share of rows. Of rows as sure as the last, each counts in part: file order says nothing."""
    take = round(coverage * len(sure))
    last = sorted((probability for probability, _ in sure), reverse=True)[take - 1]
    above = [right for probability, right in sure if probability > last]
    level = [right for probability, right in sure if probability == last]
    return (sum(above) + (take - len(above)) * sum(level) / len(level)) / take


# The page

HEAD = """# Accuracy

Made by one command, from the project root, where FOLDER holds the published sets:

```sh
cargo build --release && python scripts/accuracy.py FOLDER
```

The script says which packages it needs, what a set looks like, and how the baselines are measured again
(`--baselines`; otherwise they come from [accuracy_baselines.json](../scripts/accuracy_baselines.json)).

**Nothing was tuned on test.** Models are trained on the train split as published; settings of wiredesk were chosen by
cross-validation inside train splits (sometimes of the same sets) and are the same for all sets. scikit-learn runs with
settings fixed in advance, mostly its defaults. One column does look at test, and is therefore optimistic: fastText is
the best of five runs, one or two of which were revised after a first look, to its advantage. It needs settings for each
set to do well (few long texts, as in ohsumed, above all); five for all sets are not the best that it can do.

Cells are accuracy / macro-F1 in %, of multi-label sets micro-F1 / macro-F1. Averages run over labels that occur in gold
or prediction, undefined figures count 0, a row without an answer is wrong: scikit-learn's definitions, and those of
`wiredesk evaluate`. ± is the standard error of our accuracy, √(p(1 − p)/n): differences below it mean little. Bold is
the best of a row, in either figure.

| column | what it is |
|---|---|
| **nbsvm** | `wiredesk train` without options: linear model with a naive Bayes prior |
| complement, multinomial | `wiredesk train --estimator complement` and `multinomial`: naive Bayes: integer counts and nothing else |
| MNB | CountVectorizer, MultinomialNB(alpha=1) |
| CNB 1, CNB .3 | TfidfVectorizer(sublinear_tf), ComplementNB with alpha 1 and .3 |
| SVC words, SVC pairs | TfidfVectorizer(sublinear_tf), LinearSVC(C=1) on words, and on words and pairs |
| LR | TfidfVectorizer(sublinear_tf), LogisticRegression(C=1) on words |
| SVC chars, CNB chars | the same with LinearSVC and ComplementNB(alpha=.3) on 1–2 characters (`analyzer="char"`) |
| SVC in-word, CNB in-word | the same on 3–5 characters inside words (`analyzer="char_wb"`) |
| SVC cuts | SVC words; a cut per label fitted on out-of-fold margins inside train, and at least one label a row, as wiredesk does |
| fastText | supervised; the best **on test** of 25 epochs with learning rates .1, .5 and 1 on words and .5 on words and pairs, and 100 epochs with 1 on words; for sib200-* 1–4 characters inside words (1, 100 epochs) in place of pairs |
"""


def say(line):
    print(line, file=sys.stderr, flush=True)


def tenths(value):
    """A share in % as it is printed, to compare with others: what looks the same is the same."""
    return float(f"{100 * value:.1f}")


def percent(value):
    return str(tenths(value))


def cell(pair, best=(2, 2)):
    """`97.6 / 94.5`, bold where it is as good as the best of the row; – where there is no figure."""
    if pair is None:
        return "–"
    return " / ".join(f"**{percent(v)}**" if percent(v) == percent(b) else percent(v) for v, b in zip(pair, best))


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows]) + "\n"


def best_fasttext(figures):
    runs = [pair for run, pair in figures.items() if run.startswith("fastText")]
    return max(runs, default=None)


def comparison(names, columns, measured, cache):
    """A row a set, our three columns, theirs, and the mean over the sets."""
    rows, sums = [], []
    for name in names:
        entry = cache["sets"][name]
        pairs = [measured[name][estimator]["figures"] for estimator in ESTIMATORS]
        pairs += [entry["figures"].get(column) for column in columns] + [best_fasttext(entry["figures"])]
        best = [max(pair[i] for pair in pairs if pair) for i in (0, 1)]
        error = math.sqrt(pairs[0][0] * (1 - pairs[0][0]) / entry["rows"][1])
        size = f"{entry['rows'][0]:,} / {entry['rows'][1]:,}"
        rows.append([name, size, str(entry["labels"])] + [cell(pair, best) for pair in pairs] + [percent(error)])
        sums.append(pairs)
    means = [
        [sum(pair[i] for pair in column) / len(names) for i in (0, 1)] if all(column) else None
        for column in zip(*sums)
    ]
    best = [max(pair[i] for pair in means if pair) for i in (0, 1)]
    rows.append(["*mean*", "", ""] + [cell(pair, best) for pair in means] + [""])
    return table(["set", "rows", "labels", "nbsvm", *ESTIMATORS[1:], *columns, "fastText", "±"], rows)


def calibration(measured):
    head = ["set", "nbsvm", *ESTIMATORS[1:]] + [f"nbsvm at {round(100 * coverage)} %" for coverage in COVERAGES] + ["at 100 %"]
    rows = []
    for name in SETS:
        errors = [f"{measured[name][estimator]['calibration']:.3f}" for estimator in ESTIMATORS]
        covered = [percent(accuracy) for accuracy in measured[name]["nbsvm"]["covered"]]
        rows.append([name, *errors, *covered, percent(measured[name]["nbsvm"]["all"])])
    return table(head, rows)


def losses(measured, cache):
    """Per set, which baselines are better than our default, and by how much."""
    lines, won = [], []
    for name in SETS:
        mine, entry = measured[name]["nbsvm"]["figures"], cache["sets"][name]
        parts = []
        for i, figure in enumerate(["micro-F1" if name in MULTI else "accuracy", "macro-F1"]):
            better = [(pair[i], run) for run, pair in entry["figures"].items() if tenths(pair[i]) > tenths(mine[i])]
            if better:
                named = ", ".join(f"{run} {percent(value)}" for value, run in sorted(better, reverse=True))
                rows = round((max(better)[0] - mine[i]) * entry["rows"][1])
                by = f"; {rows} of {entry['rows'][1]:,} rows" if figure == "accuracy" else ""
                parts.append(f"{figure} {percent(mine[i])} against {named}{by}")
        if parts:
            lines.append(f"- **{name}**: " + ". ".join(parts))
        else:
            won.append(name)
    lines = lines or ["- none"]
    return "\n".join(lines) + f"\n\nNo baseline is better in either figure on {', '.join(won) or 'none'}.\n"


def page(measured, cache):
    packages = ", ".join(f"{package} {version}" for package, version in sorted(cache["packages"].items()))
    without = [name for name, entry in cache["sets"].items() if not best_fasttext(entry["figures"])]
    note = f"\nfastText was left out, for its time or because it was not installed, on {', '.join(without)}.\n" if without else ""
    return f"""{HEAD}
Baselines: {packages}, fasttext-wheel 0.9.2.
{note}
## One label a row

{comparison(SINGLE, WORD_BASELINES, measured, cache)}
## Few rows, many scripts

sib200: the same 1,004 sentences in eight languages, five written with spaces between words and three without.

{comparison(SIB, WORD_BASELINES + CHARACTER_BASELINES, measured, cache)}
## Several labels a row

Baselines answer per label against the rest (fastText: `loss="ova"`, probability above .5).

{comparison(MULTI, WORD_BASELINES + [CUT_BASELINE], measured, cache)}
## Are the probabilities true?

Expected calibration error of the most probable label ({BINS} bins) per estimator; then the accuracy of nbsvm's most probable
label on the surest 80, 90 and 95 % of rows and on all. In multi-label sets it is right if it is one of the row's labels.

{calibration(measured)}
## Where a baseline is better than our default

Every baseline run counts here, each of the five of fastText too.

{losses(measured, cache)}"""


def main():
    arguments = argparse.ArgumentParser(description="Writes docs/accuracy.md.")
    arguments.add_argument("data", nargs="?", type=Path, default=os.environ.get("WIREDESK_DATA"), help="folder of the sets")
    arguments.add_argument("--wiredesk", type=Path, default=ROOT / "target" / "release" / "wiredesk", help="the program")
    arguments.add_argument("--baselines", action="store_true", help="measure the baselines again first")
    arguments.add_argument("--sets", nargs="+", choices=SETS, default=list(SETS), help="baselines of these sets only")
    arguments.add_argument("--no-fasttext", action="store_true", help="leave out fastText, the slowest of them")
    options = arguments.parse_args()
    if options.data is None:
        arguments.error("name the folder of the sets, or set WIREDESK_DATA")
    data = Path(options.data)
    if options.baselines:
        measure_baselines(data, options.sets, not options.no_fasttext)
    cache = json.loads(CACHE.read_text())
    for name in SETS:
        if cache["sets"].get(name, {}).get("data") != digest(data / name):
            sys.exit(f"{name}: the baselines were measured on other data; run with --baselines --sets {name}")
    measured = {name: {estimator: ours(options.wiredesk, data, name, estimator) for estimator in ESTIMATORS} for name in SETS}
    PAGE.write_text(page(measured, cache), encoding="utf-8")


if __name__ == "__main__":
    main()
