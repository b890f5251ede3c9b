"""Writes tests/data/evaluate/*.json: rows, and what scikit-learn says about them.

    pip install scikit-learn==1.9.1
    python scripts/evaluate_fixtures.py      # from the project root

tests/evaluate_oracle.rs reads the files. Seeded: running it again changes nothing.

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
"""

import json
import math
import random
import warnings
from pathlib import Path

import numpy as np
import sklearn
from sklearn.metrics import (
    accuracy_score,
    classification_report,
    confusion_matrix,
    multilabel_confusion_matrix,
    precision_recall_fscore_support,
)
from sklearn.preprocessing import MultiLabelBinarizer

SENTINEL = "\U0010ffff no tag"
FOLDER = Path("tests/data/evaluate")


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
    text = json.dumps(fixture, ensure_ascii=False, allow_nan=False)
    # One key per line: small files whose changes can still be read.
    for key in list(fixture)[1:]:
        text = text.replace(f', "{key}":', f',\n"{key}":', 1)
    (FOLDER / f"{name}.json").write_text(text + "\n", encoding="utf-8")


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


if __name__ == "__main__":
    main()
