"""Writes tests/data/compare/*.json: what statsmodels, scikit-learn and numpy say about two contestants.

    pip install numpy==2.4.6 scikit-learn==1.9.1 statsmodels==0.15.0
    python scripts/compare_fixtures.py      # from the project root

tests/compare_oracle.rs reads the files. Seeded: running it again changes nothing.

mcnemar.json   counts and the p-value of statsmodels' exact test
holm.json      p-values and statsmodels' adjusted ones
paired_*.json  gold, baseline and challenger (one list of labels per row), maybe groups; then
  figures      accuracy_score and f1_score of scikit-learn: baseline, challenger
  differences  challenger less baseline, with interval, two-sided p and standard deviation over DRAWS draws by numpy
  mcnemar      single-label: counts and p-value of exactly right rows
  labels       per label [F1 baseline, F1 challenger, only baseline right, only challenger right, p, p by Holm];
               F1 is null where scikit-learn has NaN
"""

import json
import math
from pathlib import Path

import numpy as np
from sklearn.metrics import accuracy_score, f1_score
from sklearn.preprocessing import MultiLabelBinarizer
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests

FOLDER = Path("tests/data/compare")
DRAWS = 20_000


def exact(only_first, only_second):
    """statsmodels' exact test; what both get right or wrong has no say."""
    return float(mcnemar([[1, only_first], [only_second, 1]], exact=True).pvalue)


def f1_from(correct, gold, predicted):
    """F1 per label from counts, 0 where undefined, and whether the label occurs."""
    both = gold + predicted
    return np.where(both > 0, 2 * correct / np.maximum(both, 1), 0.0), both > 0


def draws(units, gold, answers, seed):
    """DRAWS × 3 differences: units (lists of row numbers) drawn with replacement, figures from summed counts."""
    random = np.random.default_rng(seed)
    member = np.zeros((len(units), len(gold)))
    for unit, rows in enumerate(units):
        member[unit, rows] = 1
    times = random.multinomial(len(units), np.full(len(units), 1 / len(units)), size=DRAWS) @ member
    figures = []
    for answer in answers:
        right = times @ (gold == answer).all(axis=1) / times.sum(axis=1)
        counts = [times @ x for x in (gold & answer, gold, answer)]
        per_label, occurs = f1_from(*counts)
        micro = f1_from(*(c.sum(axis=1) for c in counts))[0]
        macro = per_label.sum(axis=1) / np.maximum(occurs.sum(axis=1), 1)
        figures.append(np.stack([right, micro, macro], axis=1))
    return figures[1] - figures[0]


def two_sided(differences):
    not_above, not_below = (differences <= 0).sum(), (differences >= 0).sum()
    return min(1.0, 2 * (min(not_above, not_below) + 1) / (len(differences) + 1))


def paired(gold, baseline, challenger, multi, groups=None, seed=0):
    binarizer = MultiLabelBinarizer().fit(gold + baseline + challenger)
    names = list(binarizer.classes_)
    y, a, b = (binarizer.transform(rows).astype(bool) for rows in (gold, baseline, challenger))

    def figures(answer):
        # Averages run over the labels that occur for this contestant.
        occurs = [i for i in range(len(names)) if y[:, i].any() or answer[:, i].any()]
        macro = f1_score(y[:, occurs], answer[:, occurs], average="macro", zero_division=0)
        micro = f1_score(y, answer, average="micro", zero_division=0)
        return [float(accuracy_score(y, answer)), float(micro), float(macro)]

    units = [[i] for i in range(len(gold))]
    if groups:
        units = [[i for i, g in enumerate(groups) if g == name] for name in sorted(set(groups))]
    d = draws(units, y, [a, b], seed)
    whole = np.array(figures(b)) - np.array(figures(a))
    differences = [
        {
            "value": float(whole[i]),
            "low": float(np.quantile(d[:, i], 0.025)),
            "high": float(np.quantile(d[:, i], 0.975)),
            "p": float(two_sided(d[:, i])),
            "deviation": float(d[:, i].std()),
        }
        for i in range(3)
    ]
    right_a, right_b = (y == a).all(axis=1), (y == b).all(axis=1)
    only_a, only_b = int((right_a & ~right_b).sum()), int((~right_a & right_b).sum())
    labels = {}
    for i, name in enumerate(names):
        f1 = [float(f1_score(y[:, i], x[:, i], zero_division=np.nan)) for x in (a, b)]
        first = int(((y == a) & (y != b))[:, i].sum())
        second = int(((y != a) & (y == b))[:, i].sum())
        labels[name] = [None if math.isnan(f) else f for f in f1] + [first, second, exact(first, second)]
    adjusted = multipletests([labels[name][4] for name in names], method="holm")[1]
    for name, p in zip(names, adjusted):
        labels[name].append(float(p))
    return {
        "multi_label": multi,
        "gold": gold,
        "baseline": baseline,
        "challenger": challenger,
        "groups": groups,
        "figures": [figures(a), figures(b)],
        "differences": differences,
        "mcnemar": None if multi else [only_a, only_b, exact(only_a, only_b)],
        "labels": labels,
    }


def single(random, rows, right_a, right_b, labels="abcde", weights=(0.5, 0.25, 0.15, 0.07, 0.03)):
    gold = [[str(x)] for x in random.choice(list(labels), size=rows, p=weights)]

    def answers(right):
        return [row if random.random() < right else [str(random.choice(list(labels)))] for row in gold]

    return gold, answers(right_a), answers(right_b)


def multi(random, rows, right_a, right_b, labels="abcdef"):
    gold = [[x for x in labels if random.random() < 0.25] for _ in range(rows)]

    def answers(right):
        return [[x for x in labels if (x in row) == (random.random() < right)] for row in gold]

    return gold, answers(right_a), answers(right_b)


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    counts = [(0, 0), (0, 1), (1, 0), (0, 5), (0, 6), (1, 1), (2, 1), (5, 5), (5, 6), (3, 17), (17, 3), (40, 60)]
    counts += [(0, 1000), (480, 520), (499_000, 501_000), (500_000, 500_000), (499_999, 500_001), (500_001, 498_999)]
    counts += [(1_000_000, 1_002_000), (10_000, 10_600), (400_000, 600_000), (0, 1_000_000)]
    write("mcnemar", [{"only_first": a, "only_second": b, "p": exact(a, b)} for a, b in counts])

    random = np.random.default_rng(1)
    lists = [[0.04], [0.01, 0.04, 0.03], [0.02, 0.02, 0.02], [0.5, 0.5, 1.0], [1e-12, 0.3, 0.05, 0.05, 1.0, 0.0]]
    lists += [[float(x) for x in random.random(20) ** 3], [round(float(x), 1) for x in random.random(30)]]
    write("holm", [{"p": p, "adjusted": [float(x) for x in multipletests(p, method="holm")[1]]} for p in lists])

    write("paired_single", paired(*single(random, 400, 0.75, 0.80), False))
    write("paired_single_equal", paired(*single(random, 300, 0.7, 0.7), False))
    gold, a, b = single(random, 200, 0.6, 0.8)
    # Rows without a tag, a label that only one gives, one that only gold has.
    a[3], a[10], b[10], b[20], a[30] = [], [], [], [], ["only a gives"]
    gold[40] = ["only gold"]
    write("paired_single_awkward", paired(gold, a, b, False))
    write("paired_multi", paired(*multi(random, 300, 0.85, 0.87), True))
    gold, a, b = multi(random, 240, 0.8, 0.83)
    write("paired_groups", paired(gold, a, b, True, groups=[f"g{i // 6 % 31}" for i in range(240)]))
    gold, a, _ = single(random, 50, 0.7, 0.7)
    write("paired_same", paired(gold, a, a, False))


def write(name, value):
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    (FOLDER / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
