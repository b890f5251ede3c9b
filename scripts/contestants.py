"""What scripts/performance.py measures beside wiredesk, one process a call; and the files that all of them read.

    python scripts/contestants.py corpus OUT.csv BYTES SOURCE.csv ...    # a text of any length, see below
    python scripts/contestants.py cut IN OUT BYTES                       # its first rows
    python scripts/contestants.py lines IN.csv OUT.txt                   # the same rows as fastText lines
    python scripts/contestants.py jsonl IN.csv OUT.jsonl                 # … and as JSON lines
    python scripts/contestants.py article IN.csv OUT.txt BYTES           # … and as the paragraphs of one article
    python scripts/contestants.py sklearn-train KIND IN.csv MODEL        # KIND: counts, counts-pairs, svc-pairs
    python scripts/contestants.py sklearn-predict IN.csv MODEL OUT
    python scripts/contestants.py fasttext-train words|pairs IN.txt MODEL
    python scripts/contestants.py fasttext-predict IN.txt MODEL OUT

Those that predict print on standard output how many seconds went to each of their steps, as JSON, so that the time
without interpreter, imports and model can be told, too.

**The corpus.** Two hundred megabytes of text that is not the same few megabytes again and again: training on it must
meet new words and word pairs to the end, as real text does. Each row takes its label and its number of sentences from a
row of the sources that is drawn at random, and that many sentences from random rows of the same label: so labels can
be learnt, and sentences come again in other company. Into them go words that do not exist, built of syllables: after n
words so far, 1.8 % × (33,000,000 / n)^0.4 of the next, at most 10 %, are forms that were never seen before, and as many
again are forms that were, drawn by Zipf's law (the rank's logarithm is uniform). So the vocabulary grows as n^0.6
(Heaps' law), to about a million words at 33 million. The stream is seeded: a short corpus is the beginning of a long one.
"""

import csv
import json
import math
import os
import random
import re
import sys
import time
from pathlib import Path

csv.field_size_limit(2**31 - 1)

SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
CONSONANTS, VOWELS = "bdfghklmnprstvz", "aeiou"
SYLLABLES = [c + v for c in CONSONANTS for v in VOWELS]
# As in scripts/accuracy.py, on two threads: fewer buckets than fastText's two million, which makes it faster.
FASTTEXT = {"lr": 0.5, "epoch": 25, "bucket": 200_000, "thread": 2, "seed": 0, "loss": "softmax", "verbose": 0}


# Files


def rows(path):
    """(text, first label) of each row that has a label."""
    with open(path, encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        head = next(reader)
        text, topic = head.index("text"), head.index("topic")
        for row in reader:
            label = row[topic].split("|")[0]
            if label:
                yield row[text], label


def word(number):
    """A word that does not exist: another for every number, of four syllables."""
    number = number * 7_368_787 % 31_640_625  # a bijection on 75^4, so that neighbours have little in common
    syllables = ""
    for _ in range(4):
        number, rest = divmod(number, len(SYLLABLES))
        syllables += SYLLABLES[rest]
    return syllables


def write_corpus(out, size, sources):
    """See the head of this file."""
    chance, of_label, shapes = random.Random(0), {}, []
    for source in sources:
        for text, label in rows(source):
            sentences = [" ".join(s.split()) for s in SENTENCE.split(text)]
            sentences = [s for s in sentences if s]
            of_label.setdefault(label, []).extend(sentences)
            if sentences:
                shapes.append((label, len(sentences)))
    written = n_words = n_forms = 0
    due = 0.0  # how many new forms the text so far is short of
    with open(out, "w", encoding="utf-8", newline="") as file:
        written += file.write("text,topic\r\n")
        while written < size:
            label, length = chance.choice(shapes)
            pool, sentences = of_label[label], []
            for _ in range(min(length, 200)):
                words = chance.choice(pool).split(" ")
                n_words += len(words)
                due += len(words) * min(0.1, 0.018 * (33e6 / n_words) ** 0.4)
                while due >= 1:
                    due -= 1
                    words.insert(chance.randrange(len(words) + 1), word(n_forms))
                    n_forms += 1
                    again = math.floor(n_forms ** chance.random()) - 1
                    words.insert(chance.randrange(len(words) + 1), word(again))
                sentences.append(" ".join(words))
            text = " ".join(sentences).replace('"', '""')
            line = f'"{text}","{label}"\r\n'
            file.write(line)
            written += len(line) if line.isascii() else len(line.encode())


def write_cut(source, out, size):
    """The first bytes up to a line's end; the corpus has a row a line."""
    with open(source, "rb") as read, open(out, "wb") as file:
        for line in read:
            file.write(line)
            if file.tell() >= size:
                break


def fasttext_line(text):
    """The preparation of fastText's tutorial: lower case, punctuation set apart."""
    return " ".join("".join(f" {c} " if c in ".!?,'/()" else c for c in text.lower()).split())


def write_lines(source, out):
    with open(out, "w", encoding="utf-8") as file:
        for text, label in rows(source):
            file.write(f"__label__{label.replace(' ', '_')} {fasttext_line(text)}\n")


def write_jsonl(source, out):
    with open(out, "w", encoding="utf-8") as file:
        for text, label in rows(source):
            file.write(json.dumps({"text": text, "topic": label}, ensure_ascii=False) + "\n")


def write_article(source, out, size):
    text = ""
    for paragraph, _ in rows(source):
        text += f"{' '.join(paragraph.split())}\n\n"
        if len(text.encode()) >= size:
            break
    Path(out).write_text(text, encoding="utf-8")


# Programs


class Clock:
    """Seconds by step."""

    def __init__(self):
        self.last, self.steps = time.monotonic(), {}

    def done(self, step):
        now = time.monotonic()
        self.steps[step], self.last = round(now - self.last, 4), now

    def print(self):
        print(json.dumps(self.steps))


def sklearn_train(kind, source, model):
    import pickle

    from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
    from sklearn.naive_bayes import MultinomialNB
    from sklearn.pipeline import make_pipeline
    from sklearn.svm import LinearSVC

    pipelines = {
        "counts": lambda: (CountVectorizer(), MultinomialNB(alpha=1)),
        "counts-pairs": lambda: (CountVectorizer(ngram_range=(1, 2)), MultinomialNB(alpha=1)),
        "svc-pairs": lambda: (TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2)), LinearSVC(C=1, random_state=0)),
    }
    texts, labels = zip(*rows(source))
    pipeline = make_pipeline(*pipelines[kind]()).fit(texts, labels)
    with open(model, "wb") as file:
        pickle.dump(pipeline, file, protocol=5)


def sklearn_predict(source, model, out):
    clock = Clock()
    import pickle

    import sklearn.pipeline  # noqa: F401

    with open(model, "rb") as file:
        pipeline = pickle.load(file)
    clock.done("load")
    texts = [text for text, _ in rows(source)]
    clock.done("read")
    labels = pipeline.predict(texts)
    clock.done("predict")
    Path(out).write_text("\n".join(labels) + "\n", encoding="utf-8")
    clock.done("write")
    clock.print()
    finish()


def fasttext_train(what, source, model):
    from fasttext import train_supervised

    train_supervised(source, wordNgrams=2 if what == "pairs" else 1, **FASTTEXT).save_model(model)


def fasttext_predict(source, model, out):
    clock = Clock()
    import fasttext

    model = fasttext.FastText._FastText(model)
    clock.done("load")
    with open(source, encoding="utf-8") as file:
        lines = file.readlines()
    clock.done("read")
    # The C++ side at once for all lines, which end with their newline: what `model.predict` does around it costs time,
    # and fails with numpy 2.
    answers, _ = model.f.multilinePredict(lines, 1, 0.0, "strict")
    clock.done("predict")
    with open(out, "w", encoding="utf-8") as file:
        file.writelines(f"{labels[0] if labels else ''}\n" for labels in answers)
    clock.done("write")
    clock.print()
    finish()


def finish():
    """Ends without freeing the model object by object, which no one waits for."""
    sys.stdout.flush()
    os._exit(0)


def main():
    verb, *arguments = sys.argv[1:]
    if verb == "corpus":
        write_corpus(arguments[0], int(arguments[1]), arguments[2:])
    elif verb == "cut":
        write_cut(arguments[0], arguments[1], int(arguments[2]))
    elif verb == "article":
        write_article(arguments[0], arguments[1], int(arguments[2]))
    else:
        verbs = {
            "lines": write_lines,
            "jsonl": write_jsonl,
            "sklearn-train": sklearn_train,
            "sklearn-predict": sklearn_predict,
            "fasttext-train": fasttext_train,
            "fasttext-predict": fasttext_predict,
        }
        verbs[verb](*arguments)


if __name__ == "__main__":
    main()
