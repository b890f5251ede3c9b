"""Writes tests/data/evaluate/*.json and tests/data/probabilities/*.json: rows, and what scikit-learn says about them.

    pip install scikit-learn==1.9.1
    python scripts/evaluate_fixtures.py      # from the project root

tests/evaluate_oracle.rs and tests/probabilities_oracle.rs read the files. Seeded: running it again changes nothing.

scikit-learn has no notion of a row without a tag in a single-label problem. Such a row is given the label SENTINEL
here, and `labels=` keeps the sentinel out of everything that is averaged; that is what "counts against recall and
accuracy, not against precision" means.

Each file holds
  gold, predicted          one list of labels per row (an empty list: no label)
  classification_report    output_dict=True, zero_division=0; null for no rows at all, which scikit-learn refuses
  averages                 micro, macro, weighted: [precision, recall, f1] with zero_division=0
  undefined_as_null        per label and micro: [precision, recall, f1] with zero_division=nan, null where undefined
  accuracy_score           of labels, or of indicator matrices (subset accuracy)
  confusion_matrix         single-label: labels (null: no tag, last) and counts, rows gold, columns predicted
  multilabel_confusion     multi-label: per label [tn, fp, fn, tp]

Each file of tests/data/probabilities holds
  labels                   those of the model; gold may have others, which then have probability 0
  gold, probabilities      per row: a list of labels; a probability per label of the model
  average_precision        per label in gold, average_precision_score
  mean_average_precision   the mean of these
  curves                   per label in gold, precision_recall_curve: [precision, recall, threshold] a point
  top_k                    per k, over rows with a gold label: top_k_accuracy_score; by hand where multi-label or where
                           there are zeros, since a label of probability 0 is never among the k
  brier, log_loss          brier_score_loss and log_loss; multi-label the mean over labels of the score of each
  reliability              calibration_curve of the most probable label, 15 bins: [probability, right] a bin with rows
  ece                      from these bins
  accuracy_at              per coverage, the expected accuracy of the surest rows over all orders of ties
  baseline                 the most frequent label for every row: DummyClassifier, or by hand where multi-label

Ties between labels go to the first by name. top_k_accuracy_score gives them to the last class, so it is handed the
classes in reverse.
"""

import json
import math
import random
import warnings
from fractions import Fraction
from pathlib import Path

import numpy as np
import sklearn
from sklearn.calibration import calibration_curve
from sklearn.dummy import DummyClassifier
from sklearn.metrics import (
    accuracy_score,
    average_precision_score,
    brier_score_loss,
    classification_report,
    confusion_matrix,
    f1_score,
    log_loss,
    multilabel_confusion_matrix,
    precision_recall_curve,
    precision_recall_fscore_support,
    top_k_accuracy_score,
)
from sklearn.preprocessing import MultiLabelBinarizer

SENTINEL = "\U0010ffff no tag"
FOLDER = Path("tests/data/evaluate")
PROBABILITIES = Path("tests/data/probabilities")
LEAST = 1e-6  # probabilities below this are 0, and are clipped to this in the log loss
BINS = 15


def scores(y_true, y_pred, labels, average, zero_division):
    """[precision, recall, f1] of an average, or one such list per label."""
    figures = precision_recall_fscore_support(
        y_true, y_pred, labels=labels, average=average, zero_division=zero_division
    )[:3]
    if average is None:
        return [[null_if_nan(x) for x in one] for one in zip(*figures)]
    return [null_if_nan(x) for x in figures]


def null_if_nan(x):
    return None if math.isnan(x) else float(x)


def figures(y_true, y_pred, labels, names):
    """All that is asked of scikit-learn in the same words for both kinds of facet."""
    report = classification_report(
        y_true, y_pred, labels=labels, target_names=names, output_dict=True, zero_division=0
    )
    per_label = scores(y_true, y_pred, labels, None, np.nan)
    return {
        "classification_report": report,
        "averages": {a: scores(y_true, y_pred, labels, a, 0) for a in ("micro", "macro", "weighted")},
        "undefined_as_null": {
            "labels": dict(zip(names, per_label)),
            "micro": scores(y_true, y_pred, labels, "micro", np.nan),
        },
        "accuracy_score": float(accuracy_score(y_true, y_pred)),
    }


def single_label(gold, predicted):
    y_true = [row[0] for row in gold]
    y_pred = [row[0] if row else SENTINEL for row in predicted]
    names = sorted((set(y_true) | set(y_pred)) - {SENTINEL})
    columns = names + [SENTINEL] * (SENTINEL in y_pred)
    return figures(y_true, y_pred, names, names) | {
        "confusion_matrix": {
            "labels": [None if c == SENTINEL else c for c in columns],
            "counts": confusion_matrix(y_true, y_pred, labels=columns).tolist(),
        }
    }


def multi_label(gold, predicted):
    names = sorted({label for row in gold + predicted for label in row})
    binarizer = MultiLabelBinarizer(classes=names)
    y_true, y_pred = binarizer.fit_transform(gold), binarizer.transform(predicted)
    cells = multilabel_confusion_matrix(y_true, y_pred).reshape(-1, 4).tolist()
    return figures(y_true, y_pred, None, names) | {"multilabel_confusion": dict(zip(names, cells))}


def top_k(truth, scores, k, multi):
    """Share of the rows with a gold label that have one among the k most probable; the first by name before others."""
    rows = truth.any(axis=1)
    truth, scores = truth[rows][:, ::-1], scores[rows][:, ::-1]
    if multi or (scores == 0).any():
        order = np.argsort(scores, axis=1, kind="stable")[:, ::-1][:, :k]
        return float(np.take_along_axis(truth & (scores > 0), order, axis=1).any(axis=1).mean())
    return float(top_k_accuracy_score(truth.argmax(axis=1), scores, k=k, labels=range(truth.shape[1])))


def accuracy_at(tops, coverage):
    """Expected accuracy among the surest rows, in fractions: of rows as sure as the last, each takes part in part."""
    take = max(1, round(coverage * len(tops)))
    last = sorted((p for p, _ in tops), reverse=True)[take - 1]
    above = [right for p, right in tops if p > last]
    level = [right for p, right in tops if p == last]
    return float((sum(above) + Fraction((take - len(above)) * sum(level), len(level))) / take)


def baseline(gold, truth, labels, multi):
    """Always the most frequent label, the first of several by name."""
    support = truth.sum(axis=0)
    label = int(support.argmax())
    if multi:
        always = np.zeros_like(truth)
        always[:, label] = 1
        y_true, y_pred = truth, always
    else:
        y_true = [row[0] for row in gold]
        y_pred = DummyClassifier(strategy="most_frequent").fit(np.zeros((len(gold), 1)), y_true).predict(gold)
    f1 = {a: float(f1_score(y_true, y_pred, average=a, labels=None if not multi else np.flatnonzero(support),
                            zero_division=0)) for a in ("micro", "macro", "weighted")}
    return {"label": labels[label], "accuracy_score": float(accuracy_score(y_true, y_pred)), "f1": f1}


def write_probabilities(name, about, multi, known, gold, probabilities):
    labels = sorted(set(known) | {label for row in gold for label in row})
    truth = np.array([[label in row for label in labels] for row in gold])
    scores = np.array([[row[known.index(l)] if l in known else 0.0 for l in labels] for row in probabilities])
    scores[scores < LEAST] = 0.0
    clipped = scores.clip(LEAST, 1 - LEAST)
    in_gold = [k for k in range(len(labels)) if truth[:, k].any()]
    precision = {labels[k]: float(average_precision_score(truth[:, k], scores[:, k])) for k in in_gold}
    curves = {}
    for k in in_gold:
        points = precision_recall_curve(truth[:, k], scores[:, k])
        curves[labels[k]] = [list(map(float, point)) for point in zip(*points)]
    if multi:
        columns = range(len(labels))
        brier = np.mean([brier_score_loss(truth[:, k], scores[:, k], labels=[0, 1]) for k in columns])
        log = np.mean([log_loss(truth[:, k], clipped[:, k], labels=[0, 1]) for k in columns])
    else:
        right = truth.argmax(axis=1)
        if np.allclose(scores.sum(axis=1), 1):
            brier = brier_score_loss(right, scores, labels=range(len(labels)), scale_by_half=False)
        else:  # which brier_score_loss refuses
            brier = np.mean(((scores - truth) ** 2).sum(axis=1))
        # log_loss would warn of rows that do not sum to one, and means the same.
        log = -np.mean(np.log(clipped[np.arange(len(gold)), right]))
        if np.allclose(clipped.sum(axis=1), 1):
            assert abs(log - log_loss(right, clipped, labels=range(len(labels)))) < 1e-6
    tops = [(float(p.max()), bool(p.max() > 0 and t[p.argmax()])) for p, t in zip(scores, truth)]
    sure, right = np.array([p for p, _ in tops]), np.array([right for _, right in tops])
    shares, means = calibration_curve(right, sure, n_bins=BINS, strategy="uniform", pos_label=True)
    places = np.searchsorted(np.linspace(0, 1, BINS + 1)[1:-1], sure)
    counts = [int((places == bin).sum()) for bin in sorted(set(places))]
    fixture = {
        "about": about,
        "made_by": f"scripts/evaluate_fixtures.py, scikit-learn {sklearn.__version__}",
        "multi_label": multi,
        "labels": known,
        "gold": gold,
        "probabilities": probabilities,
        "average_precision": precision,
        "mean_average_precision": float(np.mean(list(precision.values()))) if precision else None,
        "curves": curves,
        "top_k": {k: top_k(truth, scores, k, multi) for k in (1, 2, 3, 5) if truth.any() and k < len(labels)},
        "brier": float(brier),
        "log_loss": float(log),
        "reliability": [list(map(float, bin)) for bin in zip(means, shares)],
        "ece": float(sum(n * abs(m - s) for n, m, s in zip(counts, means, shares)) / len(gold)),
        "accuracy_at": [accuracy_at(tops, coverage) for coverage in (0.8, 0.9, 0.95, 1.0)],
        "baseline": baseline(gold, truth, labels, multi) if truth.any() else None,
    }
    save(PROBABILITIES / f"{name}.json", fixture)


def save(path, fixture):
    text = json.dumps(fixture, ensure_ascii=False, allow_nan=False)
    # One key per line: small files whose changes can still be read.
    for key in list(fixture)[1:]:
        text = text.replace(f', "{key}":', f',\n"{key}":', 1)
    path.write_text(text + "\n", encoding="utf-8")


def write(name, about, multi, gold, predicted):
    if gold:
        expected = multi_label(gold, predicted) if multi else single_label(gold, predicted)
    else:
        expected = {"classification_report": None}
    fixture = {
        "about": about,
        "made_by": f"scripts/evaluate_fixtures.py, scikit-learn {sklearn.__version__}",
        "multi_label": multi,
        "gold": gold,
        "predicted": predicted,
    } | expected
    save(FOLDER / f"{name}.json", fixture)


def main():
    warnings.simplefilter("ignore", UserWarning)  # undefined figures, a single label: both on purpose
    FOLDER.mkdir(parents=True, exist_ok=True)
    draw = random.Random(20)
    five = ["arts", "crime", "economy", "health", "sport"]

    def guess(gold, right):
        return [row if draw.random() < right else [draw.choice(five)] for row in gold]

    gold = [[draw.choices(five, weights=[8, 4, 2, 1, 1])[0]] for _ in range(60)]
    write("single_random", "five labels of unequal support", False, gold, guess(gold, 0.6))
    write("single_untagged", "some rows were given no tag", False, gold,
          [row if draw.random() < 0.8 else [] for row in guess(gold, 0.7)])
    write("single_all_untagged", "no row was given a tag", False, gold[:8], [[]] * 8)
    write("single_only_in_gold", "health is never predicted", False,
          [["arts"], ["health"], ["health"], ["sport"]], [["arts"], ["arts"], ["sport"], ["sport"]])
    write("single_only_predicted", "economy is in no row's gold", False,
          [["arts"], ["arts"], ["sport"]], [["economy"], ["arts"], ["economy"]])
    write("single_nothing_right", "no gold label was ever predicted", False,
          [["arts"], ["crime"]], [["sport"], ["sport"]])
    write("single_one_row", "one row, right", False, [["arts"]], [["arts"]])
    write("single_one_row_wrong", "one row, wrong", False, [["arts"]], [["sport"]])
    write("single_all_ties", "each label was taken for each as often", False,
          [[a] for a in five[:4] for _ in range(4)], [[b] for _ in range(4) for b in five[:4]])
    hard = ["conflict, war and peace", "été", "健康", "a|b", 'said "no"', "Zürich"]
    gold = [[draw.choice(hard)] for _ in range(30)]
    write("single_commas_and_non_ascii", "labels are opaque UTF-8, sorted by code point", False, gold,
          [row if draw.random() < 0.5 else [draw.choice(hard)] for row in gold])
    write("single_no_rows", "no rows: scikit-learn raises, every figure is undefined", False, [], [])

    def some(most):
        return sorted(draw.sample(five, draw.randint(0, most)))

    gold = [some(3) for _ in range(50)]
    write("multi_random", "zero to three labels a row", True, gold,
          [row if draw.random() < 0.4 else some(3) for row in gold])
    write("multi_untagged", "no row was given a tag", True, gold[:10], [[]] * 10)
    write("multi_no_gold", "no row has a label", True, [[]] * 6, [some(2) for _ in range(5)] + [["arts"]])
    # Two labels at least: scikit-learn takes an indicator matrix of one column for a binary problem.
    write("multi_two_labels", "each label is there or not, and missed or not", True,
          [["war"], [], ["peace", "war"], []], [["war"], ["war"], [], []])
    write("multi_no_rows", "no rows", True, [], [])
    with_probabilities()


def with_probabilities():
    PROBABILITIES.mkdir(parents=True, exist_ok=True)
    draw = random.Random(21)
    five = ["arts", "crime", "economy", "health", "sport"]

    def sums_to_one(weights):
        return [round(w / sum(weights), 4) for w in weights]

    def answer(gold, sure):
        return sums_to_one([draw.random() + sure * (label in gold) for label in five])

    gold = [[draw.choices(five, weights=[8, 4, 2, 1, 1])[0]] for _ in range(80)]
    write_probabilities("single_random", "right more often than not", False, five, gold, [answer(g, 2) for g in gold])
    write_probabilities("single_ties", "few different probabilities: ties between rows and between labels", False, five,
                        gold[:40], [draw.choice([[0.4, 0.4, 0.2, 0, 0], [0.2] * 5, [0.1, 0.1, 0.1, 0.35, 0.35]]) for _ in gold[:40]])
    write_probabilities("single_only_in_gold", "weather is in gold and not in the model, sport the other way", False, five,
                        [["arts"], ["weather"], ["crime"], ["economy"], ["health"]],
                        [[0.5, 0.2, 0.1, 0.1, 0.1], [0.1, 0.1, 0.1, 0.1, 0.6], [0.3, 0.4, 0.1, 0.1, 0.1],
                         [0.15, 0.15, 0.2, 0.2, 0.3], [0.1, 0.2, 0.2, 0.3, 0.2]])
    write_probabilities("single_no_known_word", "rows without any probability", False, five,
                        [["arts"], ["crime"], ["arts"]], [[0.6, 0.1, 0.1, 0.1, 0.1], [0] * 5, [0] * 5])
    write_probabilities("single_one_row", "one row, right", False, five, [["arts"]], [[0.6, 0.1, 0.1, 0.1, 0.1]])
    write_probabilities("single_sure", "probabilities of 1, right and wrong; below a millionth is 0", False, five,
                        [["arts"], ["crime"], ["health"]], [[1, 0, 0, 0, 0], [1, 0, 0, 0, 0], [1 - 4e-7, 1e-7, 1e-7, 1e-7, 1e-7]])
    many = [[draw.choices(five, weights=[8, 1, 1, 1, 1])[0]] for _ in range(250)]
    write_probabilities("single_many", "more points on a curve than are kept", False, five, many,
                        [answer(g, 0.7) for g in many])

    def some(most):
        return sorted(draw.sample(five, draw.randint(0, most)))

    def each(gold):
        return [round(draw.random() ** (0.5 if label in gold else 2), draw.choice([1, 2, 4])) for label in five]

    gold = [some(3) for _ in range(80)]
    write_probabilities("multi_random", "zero to three labels a row, some probabilities alike", True, five, gold,
                        [each(g) for g in gold])
    write_probabilities("multi_empty_gold", "most rows have no label", True, five, [["arts"]] + [[]] * 9,
                        [each([]) for _ in range(10)])
    write_probabilities("multi_no_gold", "no row has a label", True, five, [[]] * 5, [each([]) for _ in range(5)])
    write_probabilities("multi_only_in_gold", "weather is not in the model", True, five,
                        [["arts", "weather"], ["weather"], [], ["arts", "sport"]],
                        [each(g) for g in (["arts"], [], [], ["arts", "sport"])])
    write_probabilities("multi_one_row", "one row, half right", True, five, [["arts", "crime"]], [[0.9, 0.1, 0.2, 0, 0]])


if __name__ == "__main__":
    main()
