"""Writes tests/data/nbsvm/*.json: small problems, and what numpy, scikit-learn and scipy make of them.

    pip install scikit-learn==1.9.1
    python scripts/nbsvm_fixtures.py      # from the project root

The oracle tests of src/bayes/nbsvm, src/bayes/baselines.rs and tests/nbsvm_oracle.rs read the files. Seeded: running it
again changes nothing. Sparse rows are lists of [column, value].

prepare_*.json   blocks of columns, counts and labels of rows; what the design makes of them: columns that are kept, idf
                 (TfidfTransformer on ln(1 + count)), weighted rows (its L2 norm by block, block weights, L2 of the whole),
                 ratios (differences of MultinomialNB's feature_log_prob_ on presence, one label against the rest), Z and
                 variances; for all but the largest LinearSVC's optimum per label, after scaling each feature by the root
                 of its variance
solver_*.json    rows of numbers, labels, C; LinearSVC's optimum per label, every variance 1
calibration_*.json  margins, companion scores, gold; the highest log likelihood that scipy finds within the bounds, and where
text.json        texts; the same design as above from CountVectorizer, features by name, and LinearSVC's optimum
baselines.json   counts, labels; joint log likelihoods of GaussianNB and BernoulliNB
"""

import json
import warnings
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.special import log_expit, logsumexp
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
from sklearn.naive_bayes import BernoulliNB, GaussianNB, MultinomialNB
from sklearn.preprocessing import normalize
from sklearn.svm import LinearSVC

FOLDER = Path("tests/data/nbsvm")
ALPHA = 0.3
WEIGHTS = {"words": 1.0, "pairs": 0.5, "prefixes": 0.5}


def counts(draw, n_rows, n_features, density, most=6):
    here = draw.random((n_rows, n_features)) < density
    return np.where(here, draw.integers(1, most + 1, (n_rows, n_features)), 0)


def sparse(matrix, digits=None):
    cell = (lambda v: int(v)) if digits is None else (lambda v: round(float(v), digits))
    return [[[int(c), cell(row[c])] for c in np.flatnonzero(row)] for row in np.asarray(matrix)]


def objective(x, y, variances, weights, bias, c):
    """The recipe's objective of one label; x (n, f), y ±1."""
    slack = np.maximum(0, 1 - y * (x @ weights + bias))
    return 0.5 * np.sum(weights**2 / variances) + 0.5 * bias**2 + c * np.sum(slack**2)


def optimum(x, y, variances, c):
    """LinearSVC on features times the root of their variance, in the terms of the features themselves."""
    root = np.sqrt(variances)
    if len(set(y)) == 1:
        x, y = np.vstack([x, np.zeros(x.shape[1])]), np.append(y, -y[0])
        raise ValueError("a label needs rows of both kinds here")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model = LinearSVC(C=c, loss="squared_hinge", dual=True, intercept_scaling=1, tol=1e-8, max_iter=1_000_000,
                          random_state=0).fit(x * root, y)
    weights, bias = model.coef_[0] * root, float(model.intercept_[0])
    return {"weights": weights.tolist(), "bias": bias, "objective": objective(x, y, variances, weights, bias, c)}


def optima(x, labels, n_labels, variances, c):
    targets = np.array([[1 if k in row else -1 for k in range(n_labels)] for row in labels])
    return [optimum(x, targets[:, k], variances[:, k], c) for k in range(n_labels)]


def cost(n_rows, multi_label):
    return 1.0 if multi_label else 0.5 * min(4, max(1, np.sqrt(1000 / n_rows)))


def design(blocks, train, test):
    """Columns kept by document frequency are given: idf and weighted rows."""
    idf, parts, start = np.zeros(train.shape[1]), {"train": [], "test": []}, 0
    for kind, width in blocks:
        columns = slice(start, start + width)
        if width:
            model = TfidfTransformer(norm="l2", smooth_idf=True).fit(np.log1p(train[:, columns]))
            idf[columns] = model.idf_
            for name, matrix in (("train", train), ("test", test)):
                weighted = model.transform(np.log1p(matrix[:, columns])).toarray()
                parts[name].append(WEIGHTS[kind] * weighted)
        start += width
    return idf, normalize(np.hstack(parts["train"])), normalize(np.hstack(parts["test"]))


def ratios(blocks, train, labels, n_labels):
    """(n_features, n_labels)"""
    presence, result, start = (train > 0).astype(float), np.zeros((train.shape[1], n_labels)), 0
    for _, width in blocks:
        columns = slice(start, start + width)
        for k in range(n_labels if width else 0):
            has = np.array([k in row for row in labels]).astype(int)
            if has.all() or not has.any():  # one of the classes has no row: by hand
                n_f = presence[:, columns].sum(0)
                own = n_f if has.all() else 0 * n_f
                log = lambda n: np.log((n + ALPHA) / (n.sum() + ALPHA * width))
                result[columns, k] = log(own) - log(n_f - own)
            else:
                logs = MultinomialNB(alpha=ALPHA).fit(presence[:, columns], has).feature_log_prob_
                result[columns, k] = logs[1] - logs[0]
        start += width
    return result


def widths(blocks, kept):
    """Blocks over the kept columns only."""
    result, start = [], 0
    for kind, width in blocks:
        result.append((kind, int(((kept >= start) & (kept < start + width)).sum())))
        start += width
    return result


def prepare(blocks, train, labels, n_labels, test, max_features, multi_label, solve=True):
    n = len(train)
    kind_of = np.concatenate([[kind] * width for kind, width in blocks])
    least = np.where((kind_of == "pairs") | (n >= 3000), 2, 1)
    kept = np.flatnonzero((train > 0).sum(0) >= least)
    inner = widths(blocks, kept)
    _, x, _ = design(inner, train[:, kept], test[:, kept])
    r = ratios(inner, train[:, kept], labels, n_labels)
    value = (x**2).mean(0) * (r**2).max(1)
    order = sorted(range(len(kept)), key=lambda i: (-value[i], i))
    chosen = np.array(sorted(order[:max_features]))
    columns, r = kept[chosen], r[chosen]
    idf, x, z = design(widths(blocks, columns), train[:, columns], test[:, columns])
    mean = sum(float((x[d] ** 2) @ (r[:, k] ** 2)) for d in range(n) for k in range(n_labels)) / (n * n_labels)
    variances = 0.5 * r**2 / mean + 0.5
    c = cost(n, multi_label)
    return {
        "columns": columns.tolist(),
        "idf": idf.tolist(),
        "train_weighted": sparse(x, 8) if solve else [],
        "test_weighted": sparse(z, 8),
        "variances": variances.tolist() if solve else [],
        "c": c,
        "optima": optima(x, labels, n_labels, variances, c) if solve else [],
    }


def prepare_file(name, draw, blocks, n, n_labels, density, multi_label=False, max_features=50_000, solve=True):
    width = sum(w for _, w in blocks)
    train, test = counts(draw, n, width, density), counts(draw, 8, width, density)
    train[draw.integers(0, n)] = 0  # a row without features
    test[0] = 0
    if multi_label:
        chosen = draw.random((n, n_labels)) < 0.25
        labels = [np.flatnonzero(row).tolist() for row in chosen]
    else:
        labels = [[int(k)] for k in draw.integers(0, n_labels, n)]
    # Words that follow the labels.
    for d, row in enumerate(labels):
        for k in row:
            if train[d].any():
                train[d, (7 * k + int(draw.integers(0, 3))) % width] += 1
    # Distinct rows need no tie rule.
    write(name, {
        "blocks": blocks, "train": sparse(train), "labels": labels, "n_labels": n_labels, "multi_label": multi_label,
        "test": sparse(test), "max_features": max_features,
        **prepare(blocks, train, labels, n_labels, test, max_features, multi_label, solve),
    })


def solver_file(name, draw, n, n_features, n_labels, c):
    x = np.where(draw.random((n, n_features)) < 0.4, draw.normal(size=(n, n_features)), 0)
    x = np.round(normalize(x), 4)
    truth = draw.normal(size=(n_features, n_labels))
    labels = [[int(k)] for k in (x @ truth + 0.3 * draw.normal(size=(n, n_labels))).argmax(1)]
    ones = np.ones((n_features, n_labels))
    write(name, {"rows": sparse(x, 4), "n_features": n_features, "labels": labels, "n_labels": n_labels, "c": c,
                 "optima": optima(x, labels, n_labels, ones, c)})


def calibration_file(name, draw, n, n_labels, sharp, use, multi_label=False):
    """`sharp`: how well margins tell the label; `use`: how well the companion does."""
    gold = draw.integers(0, n_labels, n)
    is_gold = np.arange(n_labels) == gold[:, None]
    if multi_label:
        is_gold |= draw.random((n, n_labels)) < 0.1
        is_gold &= draw.random((n, n_labels)) < 0.9
    margins = np.float32(np.round(-0.6 + sharp * is_gold + 0.4 * draw.normal(size=(n, n_labels)), 4)).astype(float)
    companion = np.float32(np.round(use * is_gold + 1.5 * draw.normal(size=(n, n_labels)), 4)).astype(float)

    def likelihood(t):
        if multi_label:
            odds = np.exp(t[0]) * margins + t[1] + t[2] * companion
            return float(log_expit(np.where(is_gold, odds, -odds)).sum())
        score = log_expit(np.exp(t[0]) * margins + t[1]) + t[2] * companion
        return float((score[is_gold] - logsumexp(score, axis=1)).sum())

    bounds = [(-2, 4), (-5, 5) if multi_label else (-4, 5), (0, None)]
    starts = [[a, b, 0.3] for a in (-1, 1.7, 3) for b in (-2, 1, 4)]
    runs = [minimize(lambda t: -likelihood(t), s, bounds=bounds, method="L-BFGS-B", options={"ftol": 1e-14})
            for s in starts]
    best = min(runs, key=lambda r: r.fun)
    write(name, {"multi_label": multi_label, "n_labels": n_labels, "margins": margins.ravel().round(4).tolist(),
                 "companion": companion.ravel().round(4).tolist(),
                 "gold": [np.flatnonzero(row).tolist() for row in is_gold],
                 "likelihood": -best.fun, "at": best.x.tolist()})


WORDS = {
    0: "striker keeper goalkeeper penalty stadium season coach final score match trainer",
    1: "inflation central banking interest market shares investor profit quarter exchange economy",
    2: "minister parliament election government campaign coalition opposition senator ballot reform",
}
COMMON = "the a of and in to after before on was said new year people which"


def texts(draw, n):
    """Sentences of words that follow their label, four times in five."""
    rows, labels = [], []
    for _ in range(n):
        k = int(draw.integers(0, 3))
        words = []
        for _ in range(int(draw.integers(4, 14))):
            source = WORDS[k if draw.random() < 0.8 else int(draw.integers(0, 3))] if draw.random() < 0.5 else COMMON
            words.append(str(draw.choice(source.split())))
        rows.append(" ".join(words))
        labels.append([k])
    return rows, labels


def prefixes(text):
    return ["^" + word[:4] for word in text.split() if len(word) > 5]


def text_file(draw):
    rows, labels = texts(draw, 120)
    new, _ = texts(draw, 10)
    new += ["", "entirely unknown things"]
    blocks, train, test, names = [], [], [], []
    for kind, options in [
        ("words", {"token_pattern": r"(?u)\b\w+\b"}),
        ("pairs", {"token_pattern": r"(?u)\b\w+\b", "ngram_range": (2, 2)}),
        ("prefixes", {"analyzer": prefixes}),
    ]:
        model = CountVectorizer(**options)
        train.append(model.fit_transform(rows).toarray())
        test.append(model.transform(new).toarray())
        blocks.append((kind, train[-1].shape[1]))
        names.extend(model.get_feature_names_out().tolist())
    made = prepare(blocks, np.hstack(train), labels, 3, np.hstack(test), 50_000, False)
    margins = [[float(dict_row(row, o["weights"]) + o["bias"]) for o in made["optima"]] for row in made["test_weighted"]]
    write("text", {"texts": rows, "labels": labels, "test": new, "names": [names[c] for c in made["columns"]],
                   "idf": made["idf"], "test_weighted": made["test_weighted"], "variances": made["variances"],
                   "c": made["c"], "margins": margins, "objectives": [o["objective"] for o in made["optima"]],
                   "train_weighted": made["train_weighted"]})


def dict_row(row, weights):
    return sum(x * weights[c] for c, x in row)


def baselines_file(draw):
    train, labels = counts(draw, 40, 12, 0.4), draw.integers(0, 3, 40)
    train[:, 5] = 0  # a column that never occurs
    test = counts(draw, 10, 12, 0.4)
    df = (train > 0).sum(0)
    result = {"train": train.tolist(), "labels": labels.tolist(), "test": test.tolist(), "kinds": []}
    for top in (4, 100):
        columns = sorted(sorted([c for c in range(12) if df[c] > 0], key=lambda c: (-df[c], c))[:top])
        x, z = train[:, columns], test[:, columns]
        gauss = GaussianNB(var_smoothing=1e-9).fit(x, labels)
        bernoulli = BernoulliNB(alpha=1.0, binarize=0.0).fit(x, labels)
        result["kinds"].append({
            "top": top, "columns": columns,
            "gaussian": gauss.predict_joint_log_proba(z).tolist(),
            "gaussian_probabilities": gauss.predict_proba(z).tolist(),
            "bernoulli": bernoulli.predict_joint_log_proba(z).tolist(),
            "bernoulli_probabilities": bernoulli.predict_proba(z).tolist(),
        })
    write("baselines", result)


def write(name, content):
    (FOLDER / f"{name}.json").write_text(json.dumps(content, separators=(",", ":")) + "\n")


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    draw = np.random.default_rng(7)
    three = [("words", 25), ("pairs", 30), ("prefixes", 12)]
    prepare_file("prepare_three_blocks", draw, three, 60, 3, 0.08)
    prepare_file("prepare_pruned", draw, three, 60, 3, 0.08, max_features=20)
    prepare_file("prepare_multi_label", draw, three, 70, 4, 0.08, multi_label=True)
    prepare_file("prepare_two_labels", draw, [("words", 15)], 20, 2, 0.2)
    prepare_file("prepare_many_rows", draw, [("words", 60), ("prefixes", 60)], 3000, 2, 0.0005, solve=False)
    solver_file("solver_square", draw, 40, 40, 3, 1.0)
    solver_file("solver_tall", draw, 150, 10, 4, 0.5)
    solver_file("solver_wide", draw, 20, 80, 2, 2.0)
    calibration_file("calibration_typical", draw, 300, 4, 1.2, 0.6)
    calibration_file("calibration_useless_companion", draw, 300, 3, 1.2, -1.0)
    calibration_file("calibration_useless_margins", draw, 200, 5, 0.0, 1.0)
    calibration_file("calibration_sharp_margins", draw, 200, 3, 4.0, 0.2)
    calibration_file("calibration_inverted_margins", draw, 150, 3, -1.0, 0.5)
    calibration_file("calibration_multi_label", draw, 300, 5, 1.0, 0.0, multi_label=True)
    calibration_file("calibration_multi_label_sharp", draw, 200, 3, 5.0, 0.0, multi_label=True)
    text_file(draw)
    baselines_file(draw)
    calibration_file("calibration_multi_label_companion", draw, 250, 4, 0.8, 1.5, multi_label=True)


if __name__ == "__main__":
    main()
