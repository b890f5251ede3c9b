"""Writes tests/data/bayes/*.json: counts of features, and what scikit-learn makes of them.

    pip install scikit-learn==1.9.1
    python scripts/bayes_fixtures.py      # from the project root

tests/bayes_oracle.rs reads the files. Seeded: running it again changes nothing.

A count matrix is a list of rows. `alpha` is the Lidstone constant. scikit-learn counts every column into its
vocabulary, wiredesk only columns that occur in a training row (and in at least `min_df` of them). Therefore
scikit-learn is shown those columns alone, `columns`, of training and test rows; the matrices in the files keep all.

single-label files
  train, targets, test     counts, label ids and the counts to score
  multinomial              per alpha and prior: feature_log_prob_, class_log_prior_, predict_joint_log_proba and predict
                           of MultinomialNB
  complement               per alpha: feature_log_prob_, predict_joint_log_proba and predict of ComplementNB(norm=False)
multi-label files: `targets` are rows of 0 and 1. The last column of the scores is "none of these": rows without a label.
  multinomial              per alpha and prior: MultinomialNB once per label against the rest, difference of the joint
                           log likelihoods of the two classes
  complement               per alpha: weights of ComplementNB for "has the label", plus feature_log_prob_ of
                           MultinomialNB over all rows as one class
text.json                  texts, and names and counts of CountVectorizer for words and pairs of words
"""

import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.naive_bayes import ComplementNB, MultinomialNB

FOLDER = Path("tests/data/bayes")
ALPHAS = [0.01, 0.3, 1.0]


def counts(draw, n_rows, n_features, density=0.3, most=5):
    """Sparse counts: a cell is above 0 with probability `density`."""
    here = draw.random((n_rows, n_features)) < density
    return np.where(here, draw.integers(1, most + 1, (n_rows, n_features)), 0)


def occurring(train, min_df):
    return np.flatnonzero((train > 0).sum(0) >= max(1, min_df))


def priors(draw, n_labels, multi_label):
    """Name of the prior, and its value per label where it is given."""
    given = draw.random(n_labels) + 0.1
    given = given / (given.sum() if not multi_label else 2)
    return [("empirical", None), ("uniform", None), ("given", given)]


def multinomial(alpha, prior, given):
    return MultinomialNB(alpha=alpha, fit_prior=prior == "empirical", class_prior=given)


def single_label(draw, train, targets, test, min_df):
    columns = occurring(train, min_df)
    x, z = train[:, columns], test[:, columns]
    n_labels = targets.max() + 1
    multinomials, complements = [], []
    for alpha in ALPHAS:
        for prior, given in priors(draw, n_labels, False):
            model = multinomial(alpha, prior, given).fit(x, targets)
            multinomials.append({
                "alpha": alpha,
                "prior": given.tolist() if prior == "given" else prior,
                "feature_log_prob": model.feature_log_prob_.tolist() if prior == "empirical" else None,
                "log_prior": model.class_log_prior_.tolist(),
                "joint_log_likelihood": model.predict_joint_log_proba(z).tolist(),
                "predictions": model.predict(z).tolist(),
            })
        model = ComplementNB(alpha=alpha, norm=False).fit(x, targets)
        complements.append({
            "alpha": alpha,
            "feature_log_prob": model.feature_log_prob_.tolist(),
            "joint_log_likelihood": model.predict_joint_log_proba(z).tolist(),
            "predictions": model.predict(z).tolist(),
        })
    return {"columns": columns.tolist(), "multinomial": multinomials, "complement": complements}


def multi_label(draw, train, targets, test):
    columns = occurring(train, 1)
    x, z = train[:, columns], test[:, columns]
    none = targets.sum(1) == 0
    classes = np.column_stack([targets, none]) if none.any() else targets
    n_labels = targets.shape[1]
    multinomials, complements = [], []
    for alpha in ALPHAS:
        for prior, given in priors(draw, n_labels, True):
            scores = []
            for k, y in enumerate(classes.T):
                # No prior can be given for "none of these": it keeps its share of the rows.
                own = (prior if k < n_labels or prior != "given" else "empirical")
                pair = [1 - given[k], given[k]] if own == "given" else None
                model = multinomial(alpha, own, pair).fit(x, y)
                jll = model.predict_joint_log_proba(z)
                scores.append(jll[:, 1] - jll[:, 0])
            multinomials.append({
                "alpha": alpha,
                "prior": given.tolist() if prior == "given" else prior,
                "scores": np.column_stack(scores).tolist(),
            })
        everything = MultinomialNB(alpha=alpha).fit(x, np.zeros(len(x))).feature_log_prob_[0]
        weights = [ComplementNB(alpha=alpha).fit(x, y).feature_log_prob_[1] + everything for y in classes.T]
        complements.append({"alpha": alpha, "scores": (z @ np.array(weights).T).tolist()})
    return {"columns": columns.tolist(), "multinomial": multinomials, "complement": complements}


def write(name, about, fixture):
    fixture = {"about": about, "made_by": f"scripts/bayes_fixtures.py, scikit-learn {sklearn.__version__}"} | fixture
    lines = [f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False, allow_nan=False)}"
             for key, value in fixture.items()]
    # One key per line: small files whose changes can still be read.
    (FOLDER / f"{name}.json").write_text("{" + ",\n".join(lines) + "}\n", encoding="utf-8")


def write_single(name, about, draw, train, targets, test, min_df=1):
    data = {"kind": "single", "min_df": min_df, "train": train.tolist(), "targets": targets.tolist(), "test": test.tolist()}
    write(name, about, data | single_label(draw, train, targets, test, min_df))


def write_multi(name, about, draw, train, targets, test):
    data = {"kind": "multi", "min_df": 1, "train": train.tolist(), "targets": targets.tolist(), "test": test.tolist()}
    write(name, about, data | multi_label(draw, train, targets, test))


TEXTS = [
    "The central bank raised its key interest rate on Tuesday, and the bank said more rises would follow.",
    "Don't panic: the U.S. economy grew 3.5% in 2024 (the Bank's own figure)!",
    "  Striker scores; striker scores AGAIN -- snake_case words stay whole.\n\nA new line makes no difference.\t",
    "Zürich, São Paulo and Łódź have café culture; Émile's naïve résumé says so.",
    "",
    "the the the",
]


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    draw = np.random.default_rng(7)

    write_single("single_square", "three labels, rows much like columns in number", draw,
                 counts(draw, 14, 12), draw.permutation(np.arange(14) % 3), counts(draw, 6, 12))
    write_single("single_wide", "many more columns than rows", draw,
                 counts(draw, 10, 40, 0.15), draw.permutation(np.arange(10) % 4), counts(draw, 5, 40, 0.15))
    write_single("single_tall", "many rows, two labels of unequal size, counts in the hundreds", draw,
                 counts(draw, 80, 6, 0.6, 300), (np.arange(80) % 9 == 0).astype(int), counts(draw, 6, 6, 0.6, 300))
    write_single("single_one_label", "all rows have the same label", draw,
                 counts(draw, 6, 8), np.zeros(6, int), counts(draw, 4, 8))
    write_single("single_label_of_one_row", "the last label has a single row", draw,
                 counts(draw, 11, 9), np.array([0, 1] * 5 + [2]), counts(draw, 5, 9))
    train, test = counts(draw, 12, 8), counts(draw, 5, 8)
    train[[0, 3, 4, 7, 10]] = 0
    test[[1, 4]] = 0
    write_single("single_zero_rows", "rows without a word in training (all rows of label 1) and test", draw,
                 train, np.array([0, 2, 0, 1, 1, 2, 0, 1, 2, 2, 1, 0]), test)
    train, test = counts(draw, 10, 9), counts(draw, 5, 9, 0.7)
    train[:, [0, 4, 8]] = 0
    write_single("single_unseen_column", "columns 0, 4 and 8 occur in no training row, but in test rows", draw,
                 train, np.arange(10) % 3, test)
    write_single("single_min_df", "only columns of two training rows and more take part", draw,
                 counts(draw, 12, 20, 0.15), np.arange(12) % 3, counts(draw, 5, 20, 0.4), min_df=2)

    targets = draw.random((16, 4)) < [0.5, 0.3, 0.3, 0.2]
    targets[0], targets[1] = [True, True, False, False], [False, False, True, True]
    targets[targets.sum(1) == 0, 0] = True
    write_multi("multi_labelled", "one to four labels a row", draw,
                counts(draw, 16, 12), targets.astype(int), counts(draw, 6, 12))
    targets = draw.random((18, 3)) < [0.4, 0.3, 0.2]
    targets[0], targets[1], targets[2:5] = [True, True, True], [False, True, True], False
    train, test = counts(draw, 18, 14), counts(draw, 6, 14)
    train[:, 3] = 0
    train[[4, 9]] = 0
    test[2] = 0
    write_multi("multi_with_none", "rows without a label, a row without a word and a column that does not occur", draw,
                train, targets.astype(int), test)

    vectorizer = CountVectorizer(token_pattern=r"\w+", ngram_range=(1, 2))
    matrix = vectorizer.fit_transform(TEXTS)
    names = vectorizer.get_feature_names_out()
    rows = [{names[j]: int(row[0, j]) for j in sorted(row.indices)} for row in matrix]
    write("text", "words and pairs of words", {"kind": "text", "texts": TEXTS, "names": names.tolist(), "counts": rows})


if __name__ == "__main__":
    main()
