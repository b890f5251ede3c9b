"""Shows why the constants of naive Bayes are what they are: prints tables, writes nothing.

    pip install scikit-learn==1.9.1
    python scripts/choose_constants.py FOLDER[:COLUMN] ...      # from the project root

Each folder has a `train.csv` with a column `text` and a label column (`topic` where none is named; several labels are
separated by `|`). Everything is measured by cross-validation in three folds inside that file; no test split is read.
Larger files are sampled (`ROWS`). Seeded: running it again prints the same.

The constants are those of `src/features/blocks.rs` (a block's weight) and `src/bayes/posterior.rs` (how a score
becomes a probability). Letters: `N_fk` how often the rows of label k have feature f, `N_f` all rows, `T_k`, `T` their
sums over the V features of a block, alpha = .3. The score of label k is the sum over blocks and features of

    w x_f ( ln (N_f + alpha)/(T + alpha V) - ln (N_f - N_fk + alpha)/(T - T_k + alpha V) )

which is the multi-label complement score, and up to a constant per row, on which neither arg max nor softmax depends,
the single-label one as well.

Table 1, weights: how often the best label is a right one, per weighting of the blocks.
Table 2, single-label: the expected calibration error (15 bins) of softmax(scale * score / length^exponent).
Table 3, multi-label: micro-F1/macro-F1 when the best label is given, and every other with score / length^.5 > cut;
  and per scale the calibration error of sigmoid(scale * (score / length^.5 - .7)), over all labels of all rows (most of
  them far from any doubt), and over the labels that are given.
Table 4, multi-label: micro-F1/macro-F1 of the score above against the usual ratio of a label's rows to the rest,

    w x_f ( ln (N_fk + alpha)/(T_k + alpha V) - ln (N_f - N_fk + alpha)/(T - T_k + alpha V) ),

  each at its best cut; and, where rows may have no label, of giving up the best label when its probability is below
  a least one.
"""

import csv
import re
import sys
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.metrics import f1_score
from sklearn.model_selection import KFold

ROWS = 8000
ALPHA = 0.3
WEIGHTINGS = [  # words, pairs, prefixes
    (1, 0, 0), (1, 1, 0), (1, 0.5, 0), (1, 0.25, 0), (1, 0, 0.5), (1, 0, 1),
    (1, 0.5, 0.5), (1, 1, 1), (1, 0.5, 0.25), (1, 0.25, 0.25), (1, 0.25, 0.5),
]
CHOSEN = (1, 0.5, 0.5)
EXPONENTS = [0.3, 0.4, 0.5, 0.6, 0.7]
SCALES = [1, 1.5, 2, 2.5, 3, 4, 5, 6]
CUTS = [0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1, 1.5]
MULTI_SCALES = [1, 2, 3, 4, 5, 6, 8]
CUT = 0.7
SCALE = 5
LEAST = [0, 0.05, 0.1, 0.15, 0.2, 0.3]


def prefixes(text):
    return [word[:4] for word in re.findall(r"\w+", text.lower()) if len(word) > 5]


class DataSet:
    """A training split: labels as an indicator matrix, and counts per block."""

    def __init__(self, argument):
        folder, _, column = argument.partition(":")
        column = column or "topic"
        csv.field_size_limit(10**9)
        with open(Path(folder) / "train.csv", encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        if len(rows) > ROWS:
            rows = [rows[i] for i in sorted(np.random.default_rng(0).permutation(len(rows))[:ROWS])]
        self.name = Path(folder).name + (f":{column}" if column != "topic" else "")
        cells = [[label.strip() for label in row[column].split("|") if label.strip()] for row in rows]
        self.multi_label = any(len(cell) > 1 for cell in cells)
        if not self.multi_label:  # an empty cell is a row without a label
            rows, cells = [r for r, c in zip(rows, cells) if c], [c for c in cells if c]
        labels = sorted({label for cell in cells for label in cell})
        self.with_none = any(not cell for cell in cells)
        # The last column, where there are rows without a label: "none of these".
        self.targets = np.zeros((len(cells), len(labels) + self.with_none), bool)
        for i, cell in enumerate(cells):
            self.targets[i, [labels.index(label) for label in cell] or [len(labels)]] = True
        self.n_labels = len(labels)
        texts = [row["text"] for row in rows]
        words = {"token_pattern": r"\w+"}
        self.blocks = [
            CountVectorizer(**words).fit_transform(texts),
            CountVectorizer(**words, ngram_range=(2, 2)).fit_transform(texts),
            CountVectorizer(analyzer=prefixes).fit_transform(texts),
        ]
        self.folds = []
        for train, test in KFold(3, shuffle=True, random_state=0).split(texts):
            parts = [scores(block[train], self.targets[train], block[test]) for block in self.blocks]
            self.folds.append((parts, self.targets[test]))
        self.against_the_rest = None
        if self.multi_label:
            values = []
            for train, test in KFold(3, shuffle=True, random_state=0).split(texts):
                parts = [ratio_to_rest(block[train], self.targets[train], block[test]) for block in self.blocks]
                values.append(sum(weight * part for weight, part in zip(CHOSEN, parts)))
            self.against_the_rest = np.vstack(values)

    def out_of_fold(self, weights):
        """Scores, lengths of at least 1 and targets of all rows, each scored by the model of the other folds."""
        together = lambda parts, i: sum(weight * part[i] for weight, part in zip(weights, parts))
        values = np.vstack([together(parts, 0) for parts, _ in self.folds])
        lengths = np.concatenate([together(parts, 1) for parts, _ in self.folds])
        return values, np.maximum(lengths, 1)[:, None], np.vstack([targets for _, targets in self.folds])


def scores(train, targets, test):
    """Scores of one block, shape (rows of test, labels), and how many known features each row has."""
    counts = sp.csr_matrix(targets.T.astype(float)) @ train
    totals = np.asarray(train.sum(0), float).ravel()
    known = totals > 0
    tokens, v = totals.sum(), known.sum()
    of_label = np.asarray(counts.sum(1)).ravel()
    base = np.log(tokens - of_label + ALPHA * v) - np.log(tokens + ALPHA * v)
    deltas = counts.tocsr()
    of_feature = totals[deltas.indices]
    deltas.data = np.log(of_feature + ALPHA) - np.log(of_feature - deltas.data + ALPHA)
    lengths = np.asarray(test @ known.astype(float)).ravel()
    return np.asarray((test @ deltas.T).todense()) + lengths[:, None] * base, lengths


def ratio_to_rest(train, targets, test):
    """Scores of one block by the usual ratio of a label's rows to all others."""
    counts = (sp.csr_matrix(targets.T.astype(float)) @ train).toarray()
    totals = np.asarray(train.sum(0), float).ravel()
    known = totals > 0
    counts, totals, v = counts[:, known], totals[known], known.sum()
    own = np.log(counts + ALPHA) - np.log(counts.sum(1, keepdims=True) + ALPHA * v)
    rest = totals - counts
    others = np.log(rest + ALPHA) - np.log(rest.sum(1, keepdims=True) + ALPHA * v)
    return test[:, known] @ (own - others).T


def calibration_error(probabilities, right):
    bins = np.clip(np.ceil(probabilities * 15).astype(int) - 1, 0, 14)
    gaps = [abs(np.sum(right[bins == b]) - np.sum(probabilities[bins == b])) for b in range(15)]
    return sum(gaps) / len(right)


def softmax(values):
    powers = np.exp(values - values.max(1, keepdims=True))
    return powers / powers.sum(1, keepdims=True)


def table(title, head, rows):
    print(f"\n{title}\n")
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    for row in [head, *rows]:
        cells = [cell.ljust(w) if i == 0 else cell.rjust(w) for i, (cell, w) in enumerate(zip(row, widths))]
        print("  ".join(cells).rstrip(), flush=True)


def with_mean(name, rows):
    """Rows of figures with their mean below, all as text."""
    rows = [*rows, (name, np.mean([figures for _, figures in rows], axis=0))]
    return [[row_name, *(f"{x:.3f}" for x in figures)] for row_name, figures in rows]


def weights_table(sets):
    def accuracy(data, weights):
        values, _, targets = data.out_of_fold(weights)
        return np.mean(targets[np.arange(len(targets)), values.argmax(1)])

    rows = [(data.name, [accuracy(data, weights) for weights in WEIGHTINGS]) for data in sets]
    head = ["words/pairs/prefixes", *("/".join(f"{w:g}" for w in weights) for weights in WEIGHTINGS)]
    table("1. Best label is right, per weighting of blocks", head, with_mean("mean", rows))


def scale_tables(sets):
    def errors(data, exponent):
        values, lengths, targets = data.out_of_fold(CHOSEN)
        right = targets[np.arange(len(targets)), values.argmax(1)]
        values = values / lengths**exponent
        return [calibration_error(softmax(scale * values).max(1), right) for scale in SCALES]

    head = ["scale", *(f"{scale:g}" for scale in SCALES)]
    for exponent in EXPONENTS:
        rows = with_mean("mean", [(data.name, errors(data, exponent)) for data in sets])
        title = f"2. Single-label: expected calibration error per scale, exponent {exponent:g}"
        table(title, head, rows)


def given_labels(data, values, cut):
    """The best label, unless "none of these" is better, and every other above the cut."""
    best = values.argmax(1)
    given = values > cut
    given[np.arange(len(given)), best] = True
    given[best >= data.n_labels] = False
    return given[:, : data.n_labels]


def cut_tables(sets):
    f1_rows, error_rows = [], []
    for data in sets:
        values, lengths, targets = data.out_of_fold(CHOSEN)
        values = values / lengths**0.5
        gold = targets[:, : data.n_labels]
        figures = []
        for cut in CUTS:
            given = given_labels(data, values, cut)
            micro, macro = (f1_score(gold, given, average=a, zero_division=0) for a in ("micro", "macro"))
            figures.append(f"{micro:.3f}/{macro:.3f}")
        f1_rows.append([data.name, *figures])
        logits, given = values[:, : data.n_labels] - CUT, given_labels(data, values, CUT)
        for name, cases in (f"{data.name}, all", np.full(given.shape, True)), (f"{data.name}, given", given):
            sigmoid = lambda scale: 1 / (1 + np.exp(-np.clip(scale * logits[cases], -500, 500)))
            error_rows.append((name, [calibration_error(sigmoid(scale), gold[cases]) for scale in MULTI_SCALES]))
    table("3. Multi-label: micro-F1/macro-F1 per cut", ["cut", *(f"{cut:g}" for cut in CUTS)], f1_rows)
    title = f"   Multi-label: expected calibration error per scale, cut {CUT:g}"
    rows = [[name, *(f"{x:.3f}" for x in figures)] for name, figures in error_rows]
    table(title, ["scale", *(f"{scale:g}" for scale in MULTI_SCALES)], rows)


def form_tables(sets):
    def f1(gold, given):
        return [f1_score(gold, given, average=a, zero_division=0) for a in ("micro", "macro")]

    rows, least_rows = [], []
    for data in sets:
        values, lengths, targets = data.out_of_fold(CHOSEN)
        gold = targets[:, : data.n_labels]
        row = [data.name]
        for scored in (values, data.against_the_rest):
            per_cut = [f1(gold, given_labels(data, scored / lengths**0.5, cut)) for cut in [0, *CUTS, 2, 3]]
            row.append("{:.3f}/{:.3f}".format(*max(per_cut)))
        rows.append(row)
        if data.with_none:
            values = values / lengths**0.5
            probability = 1 / (1 + np.exp(-SCALE * (values[:, : data.n_labels] - CUT)))
            given = given_labels(data, values, CUT)
            figures = [f1(gold, given & (probability >= least)) for least in LEAST]
            least_rows.append([data.name, *("{:.3f}/{:.3f}".format(*figure) for figure in figures)])
    table("4. Multi-label: micro-F1/macro-F1 at the best cut", ["", "all rows to rest", "label to rest"], rows)
    if least_rows:
        head = ["least probability", *(f"{least:g}" for least in LEAST)]
        table("   Multi-label with rows without a label: micro-F1/macro-F1", head, least_rows)


def main(arguments):
    if not arguments:
        sys.exit(__doc__)
    sets = [DataSet(argument) for argument in arguments]
    weights_table(sets)
    single, multi = [s for s in sets if not s.multi_label], [s for s in sets if s.multi_label]
    if single:
        scale_tables(single)
    if multi:
        cut_tables(multi)
        form_tables(multi)


if __name__ == "__main__":
    main(sys.argv[1:])
