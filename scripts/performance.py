"""Measures wiredesk beside scikit-learn, fastText and `wc -w`, and writes the figures into docs/performance.md.

    pip install scikit-learn==1.9.1 numpy==2.4.6 scipy==1.17.1 fasttext-wheel==0.9.2
    cargo build --release
    python scripts/performance.py FOLDER                           # from the project root; an hour or two
    python scripts/performance.py FOLDER --only tagging --quick    # part of it again
    python scripts/performance.py --page                           # the page alone, from the figures that are there

FOLDER (or the variable WIREDESK_DATA) holds the published sets as for scripts/accuracy.py; without it the news set of
the project takes their place. Needs Linux, a machine that does nothing else, and up to 10 GB in the folder for temporary
files (`--scratch`), which are deleted on the way.

Every run is a process of its own, from start to exit, reading and writing files included; wall time is that of the
clock, CPU time and peak memory are the kernel's (`wait4`). Contestants take turns, one round after another, so that what
disturbs the machine disturbs all of them; the first round warms up and is not counted, the files of the run before are
synced before the clock starts. Figures are medians, with the least and the largest. What takes minutes on the large
corpus (`HEAVY`) runs there once, without warming up, or not at all with `--quick`; what runs longer than `--limit` is
ended and shown as such.

Parts: `training`, `tagging`, `start`, `scaling`, chosen with `--only`; figures of the others stay as they are, each
with its date, commit and machine, in `scripts/performance.json`. On the page only what stands between
`<!-- figures NAME -->` and `<!-- end -->` is written; the text around it is by hand.
"""

import argparse
import json
import os
import platform
import re
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / "scripts" / "performance.json"
PAGE = ROOT / "docs" / "performance.md"
CONTESTANTS = ROOT / "scripts" / "contestants.py"
SMALL = "20newsgroups-body"
SOURCES = [SMALL, "ag-news", "wiki-events"]  # of the large corpus
LARGE = "large"
PARTS = ["training", "tagging", "start", "scaling"]
SIZES = [1, 3, 10, 30, 100, 300, 1000]  # MB
DEFAULT_UP_TO = 100  # MB, of the default estimator in the scaling series
ARTICLE = 5_000  # bytes
STARTS = 30  # runs of what takes milliseconds

WC = "wc -w"
SVC = "scikit-learn TF-IDF + LinearSVC, pairs"
COUNTS, PAIRS = "scikit-learn counts + MultinomialNB, words", "scikit-learn counts + MultinomialNB, pairs"
FT_WORDS, FT_PAIRS = "fastText, words", "fastText, pairs"
OURS, COMPLEMENT = "wiredesk train", "wiredesk train --estimator complement"
BARE = f"{COMPLEMENT} --no-fingerprints"
TAG, TAG_1 = "wiredesk tag --format csv", "wiredesk tag --format csv --threads 1"
TAG_COMPLEMENT, TAG_COMPLEMENT_1 = "complement: tag --format csv", "complement: tag --format csv --threads 1"
TAG_JSONL = "wiredesk tag --format jsonl"
HEAVY = [SVC, PAIRS, FT_WORDS, FT_PAIRS]


def say(line):
    print(line, file=sys.stderr, flush=True)


# Measuring. This process stays small: Linux counts the memory of whoever starts a program to the program's peak.


class Ended(Exception):
    """A run that took longer than the limit."""


def run(command, limit, stdin=None):
    """Wall and CPU seconds and peak bytes of a process, and what it printed."""
    os.sync()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, open(stdin or os.devnull, "rb") as source:
        environment = {**os.environ, "LC_ALL": "C.UTF-8"}
        start = time.monotonic()
        process = subprocess.Popen([str(c) for c in command], stdin=source, stdout=out, stderr=err, env=environment)
        signal.signal(signal.SIGALRM, lambda *_: process.kill())
        signal.alarm(limit)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - start
        signal.alarm(0)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        if process.returncode == -signal.SIGKILL and wall >= limit:
            raise Ended
        if process.returncode != 0:
            sys.exit(f"{' '.join(map(str, command))}: {process.returncode}\n{err.read().decode()[-2000:]}")
        printed = out.read(10_000)
    return {"wall": round(wall, 4), "cpu": round(usage.ru_utime + usage.ru_stime, 4), "peak": usage.ru_maxrss * 1024}, printed


def prepare(*arguments):
    """A file that is needed, made by a process of its own and not measured."""
    subprocess.run([sys.executable, CONTESTANTS, *map(str, arguments)], check=True)


def race(contestants, rounds, limit, once=()):
    """Contestants in turns. Returns per contestant a list for each figure; what was ended has {"ended": limit}."""
    figures = {name: {"wall": [], "cpu": [], "peak": []} for name in contestants}
    for turn in range(rounds + 1):
        for name, contestant in contestants.items():
            if "ended" in figures[name] or (name in once and turn > 0):
                continue
            command, stdin = contestant if isinstance(contestant, tuple) else (contestant, None)
            try:
                measured, printed = run(command, limit, stdin)
            except Ended:
                figures[name] = {"ended": limit}
                say(f"  {name}: ended after {limit} s")
                continue
            say(f"  {turn or 'warm-up'} {name}: {measured['wall']:.3f} s, CPU {measured['cpu']:.3f} s, {measured['peak'] / 1e6:.0f} MB")
            if turn > 0 or name in once:
                for figure, value in measured.items():
                    figures[name][figure].append(value)
                if CONTESTANTS in command and printed:  # how long its steps took
                    for step, seconds in json.loads(printed).items():
                        figures[name].setdefault("steps", {}).setdefault(step, []).append(seconds)
    return figures


# The parts


class Bench:
    def __init__(self, options, scratch):
        self.options, self.scratch, self.program = options, scratch, options.wiredesk.resolve()
        self.data = options.data

    def sources(self):
        folders = [self.data / name for name in SOURCES] if self.data else []
        return [f / "train.csv" for f in folders if f.is_dir()] or [ROOT / "datasets" / "news" / "train.csv"]

    def corpora(self):
        """The training rows of a set as they are, and a large corpus. Made in the scratch folder where they are missing."""
        for name in self.options.corpora:
            if name == SMALL:
                yield name, self.sources()[0]
            else:
                path = self.scratch / f"{LARGE}.csv"
                if not path.exists():
                    say(f"corpus of {self.options.large} MB")
                    prepare("corpus", path, self.options.large * 1_000_000, *self.sources())
                yield name, path

    def lines(self, name, path):
        lines = self.scratch / f"{name}.txt"
        if not lines.exists():
            prepare("lines", path, lines)
        return lines

    def model(self, corpus, kind):
        return self.scratch / f"{corpus}-{kind}.model"

    def wiredesk(self, *arguments):
        return [self.program, *arguments, "--quiet"]

    def train(self, path, output, *options):
        return self.wiredesk("train", path, "--label", "topic", *options, "--output", output)

    def python(self, *arguments):
        return [sys.executable, CONTESTANTS, *arguments]

    def trainers(self, corpus, path):
        model, lines = lambda kind: self.model(corpus, kind), self.lines(corpus, path)
        return {
            WC: ["wc", "-w", path],
            COMPLEMENT: self.train(path, model("complement"), "--estimator", "complement"),
            BARE: self.train(path, model("bare"), "--estimator", "complement", "--no-fingerprints"),
            OURS: self.train(path, model("nbsvm")),
            COUNTS: self.python("sklearn-train", "counts", path, model("counts")),
            PAIRS: self.python("sklearn-train", "counts-pairs", path, model("counts-pairs")),
            SVC: self.python("sklearn-train", "svc-pairs", path, model("svc-pairs")),
            FT_PAIRS: self.python("fasttext-train", "pairs", lines, model("fasttext-pairs")),
        }

    def left_out(self, corpus):
        return HEAVY if corpus == LARGE and self.options.quick else []

    def race(self, contestants, corpus, heavy):
        contestants = {name: c for name, c in contestants.items() if name not in self.left_out(corpus)}
        return race(contestants, self.options.rounds, self.options.limit, heavy if corpus == LARGE else ())

    def described(self, path, runs):
        counted = subprocess.run(["wc", "-lw", path], capture_output=True, text=True, check=True).stdout.split()
        return {"at": machine(), "bytes": path.stat().st_size, "lines": int(counted[0]), "words": int(counted[1]), "runs": runs}

    def training(self):
        measured = {}
        for corpus, path in self.corpora():
            say(f"training on {corpus}")
            measured[corpus] = self.described(path, self.race(self.trainers(corpus, path), corpus, HEAVY))
            for kind in ["complement", "nbsvm"]:
                measured[corpus][f"{kind} model"] = self.model(corpus, kind).stat().st_size
            for kind in ["bare", "counts", "svc-pairs"]:  # no one asks these again, and they are large
                self.model(corpus, kind).unlink(missing_ok=True)
        return measured

    def tagging(self):
        measured = {}
        for corpus, path in self.corpora():
            say(f"tagging {corpus}")
            lines, out, trainers = self.lines(corpus, path), self.scratch / "tagged", self.trainers(corpus, path)
            model = lambda kind: self.model(corpus, kind)  # noqa: E731
            trainers[FT_WORDS] = self.python("fasttext-train", "words", lines, model("fasttext-words"))
            needed = {OURS: "nbsvm", COMPLEMENT: "complement", PAIRS: "counts-pairs", FT_PAIRS: "fasttext-pairs", FT_WORDS: "fasttext-words"}
            for trainer, kind in needed.items():
                if not model(kind).exists() and trainer not in self.left_out(corpus):
                    say(f"  (a model for it: {trainer})")
                    try:
                        run(trainers[trainer], 3600)
                    except Ended:
                        say("  ended after an hour")
            tag = lambda kind, *options: self.wiredesk("tag", path, "--model", model(kind), "--output", out, *options)  # noqa: E731
            contestants = {
                WC: ["wc", "-w", path],
                TAG: tag("nbsvm", "--format", "csv"),
                TAG_JSONL: tag("nbsvm", "--format", "jsonl"),
                TAG_1: tag("nbsvm", "--format", "csv", "--threads", "1"),
                TAG_COMPLEMENT: tag("complement", "--format", "csv"),
                TAG_COMPLEMENT_1: tag("complement", "--format", "csv", "--threads", "1"),
                FT_WORDS: self.python("fasttext-predict", lines, model("fasttext-words"), out),
                FT_PAIRS: self.python("fasttext-predict", lines, model("fasttext-pairs"), out),
                PAIRS: self.python("sklearn-predict", path, model("counts-pairs"), out),
            }
            contestants = {name: c for name, c in contestants.items() if name not in needed or model(needed[name]).exists()}
            measured[corpus] = self.described(path, self.race(contestants, corpus, [PAIRS]))
            for file in self.scratch.glob(f"{corpus}-*.model"):
                file.unlink()
        return measured

    def start(self):
        article = self.scratch / "article.txt"
        prepare("article", ROOT / "datasets" / "news" / "test.csv", article, ARTICLE)
        contestants = {
            "true": ["true"],
            "wiredesk --version": [self.program, "--version"],
            "wiredesk tag article.txt": self.wiredesk("tag", article),
            "wiredesk tag article.txt --format jsonl --threads 1": self.wiredesk("tag", article, "--format", "jsonl", "--threads", "1"),
        }
        stripped = shutil.copy(self.program, self.scratch / "stripped")
        if shutil.which("strip"):  # a release build is stripped already
            subprocess.run(["strip", stripped], check=True)
        return {
            "at": machine(),
            "runs": race(contestants, STARTS, self.options.limit),
            "article": article.stat().st_size,
            "binary": os.stat(stripped).st_size,
            "embedded": (ROOT / "models" / "news.safetensors").stat().st_size,
        }

    def scaling(self):
        whole, measured = self.scratch / "whole.csv", {}
        sizes = sorted(self.options.sizes)
        say(f"corpus of {sizes[-1]} MB")
        prepare("corpus", whole, sizes[-1] * 1_000_000, *self.sources())
        tagger = self.scratch / "tagger.model"
        run(self.train(self.sources()[0], tagger), self.options.limit)
        for size in sizes:
            say(f"{size} MB")
            path, jsonl, model, out = (self.scratch / f"scaling.{kind}" for kind in ("csv", "jsonl", "model", "out"))
            prepare("cut", whole, path, size * 1_000_000)
            prepare("jsonl", path, jsonl)
            contestants = {
                WC: ["wc", "-w", path],
                COMPLEMENT: self.train(path, model, "--estimator", "complement"),
                BARE: self.train(path, model, "--estimator", "complement", "--no-fingerprints"),
                OURS: self.train(path, model),
                TAG_JSONL: (
                    self.wiredesk("tag", "-", "--input-format", "jsonl", "--model", tagger, "--format", "jsonl", "--output", out),
                    jsonl,
                ),
            }
            if size > DEFAULT_UP_TO:
                del contestants[OURS]
            if size > 300:  # memory is what it shows, and 300 MB shows it
                del contestants[BARE]
            rounds = self.options.rounds if size < 100 else min(3, self.options.rounds)
            runs = race(contestants, rounds, self.options.limit)
            measured[str(size)] = {"at": machine(), "bytes": path.stat().st_size, "jsonl": jsonl.stat().st_size, "runs": runs}
            for file in (path, jsonl, model, out):
                file.unlink(missing_ok=True)
        whole.unlink()
        return measured


def machine():
    """What the figures depend on. No name of the machine, no path."""
    cpu = re.search(r"model name\s*:\s*(.*)", Path("/proc/cpuinfo").read_text())
    memory = int(re.search(r"MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text())[1]) * 1024
    line = lambda *command: subprocess.run(command, capture_output=True, text=True, cwd=ROOT).stdout.strip()  # noqa: E731
    changed = line("git", "status", "--porcelain", "--untracked-files=no", "--", "src", "Cargo.toml", "Cargo.lock")
    return {
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "commit": line("git", "rev-parse", "--short=12", "HEAD") + (" and changes to it" if changed else ""),
        "cpu": cpu[1].strip() if cpu else platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "memory": memory,
        "system": f"{platform.system()} {re.match(r'[0-9.]*[0-9]', platform.release())[0]}",
        "rust": line("rustc", "--version"),
        "python": platform.python_version(),
    }


def packages():
    code = "import importlib.metadata as m; print(*(f'{p} {m.version(p)}' for p in ('scikit-learn', 'numpy', 'scipy', 'fasttext-wheel')), sep=', ')"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


# The page


def median(runs, figure):
    return statistics.median(runs[figure]) if runs and runs.get(figure) else None


def digits(value):
    """Three figures that count."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}" if value >= 1 else f"{value:.3f}"


def times(part, whole):
    """How many times one is the other."""
    return None if part is None or whole is None or whole == 0 else part / whole


def seconds(runs):
    """Median and spread of the wall time."""
    if not runs:
        return ["not run", ""]
    if "ended" in runs:
        return [f"> {runs['ended']}", "ended"]
    spread = f"{digits(min(runs['wall']))}–{digits(max(runs['wall']))}" if len(runs["wall"]) > 1 else "one run"
    return [digits(median(runs, "wall")), spread]


def memory(runs, floor):
    peak = median(runs, "peak")
    return "–" if peak is None else f"< {floor / 1e6:.0f}" if floor and peak <= floor * 1.05 else digits(peak / 1e6)


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows]) + "\n"


def corpus_name(corpus, entry):
    name = "The large corpus" if corpus == LARGE else SMALL
    return f"{name}: {entry['bytes'] / 1e6:.1f} MB, {entry['words']:,} words by `wc -w`"


def at(*entries):
    """When and on what something was measured."""
    ats = [entry["at"] for entry in entries]
    lines = [f"*{m['date']}, commit {m['commit']}, {m['cores']} cores of {m['cpu']}.*" for m in ats]
    return "\n".join(dict.fromkeys(lines)) + "\n"


def training_table(part):
    text = ""
    for corpus, entry in part["corpora"].items():
        runs, rows = entry["runs"], []
        words, ours = median(runs[WC], "wall"), median(runs.get(OURS), "wall")
        for name, run_ in runs.items():
            wall = median(run_, "wall")
            rows.append([
                f"`{name}`" if name.startswith("w") else name, *seconds(run_), digits(median(run_, "cpu")), memory(run_, part["floor"]),
                digits(times(entry["bytes"] / 1e6, wall)), digits(times(wall, words)), digits(times(wall, ours)),
            ])
        head = ["program", "seconds", "min–max", "CPU seconds", "peak MB", "MB/s", "× `wc -w`", "× `wiredesk train`"]
        text += f"\n### {corpus_name(corpus, entry)}\n\n{at(entry)}\n{table(head, rows)}"
        sizes = ", ".join(f"{kind} {entry[f'{kind} model'] / 1e6:.1f} MB" for kind in ["complement", "nbsvm"])
        text += f"\nModel files: {sizes}.\n"
    return text


def bare(runs):
    """Seconds without interpreter, imports and model: read, predict, write."""
    steps = (runs or {}).get("steps")
    return sum(statistics.median(steps[s]) for s in ("read", "predict", "write")) if steps else None


def tagging_table(part):
    text = ""
    for corpus, entry in part["corpora"].items():
        runs, rows = entry["runs"], []
        ours = median(runs.get(TAG), "wall")
        for name, run_ in runs.items():
            wall, steps = median(run_, "wall"), run_.get("steps")
            rows.append([
                name if name.startswith(("scikit", "fastText")) else f"`{name}`", *seconds(run_), digits(median(run_, "cpu")),
                memory(run_, part["floor"]), digits(times(entry["bytes"] / 1e6, wall)), digits(times(wall, ours)),
                digits(bare(run_)), digits(statistics.median(steps["predict"]) if steps else None),
            ])
        head = ["program", "seconds", "min–max", "CPU seconds", "peak MB", "MB/s", "× `wiredesk tag`", "without start and model", "predict alone"]
        text += f"\n### {corpus_name(corpus, entry)}\n\n{at(entry)}\n{table(head, rows)}"
    return text


def start_table(part):
    rows = []
    for name, runs in part["runs"].items():
        walls = [1000 * wall for wall in runs["wall"]]
        spread = f"{min(walls):.1f}–{max(walls):.1f}"
        rows.append([f"`{name}`", f"{statistics.median(walls):.1f}", spread, digits(1000 * median(runs, "cpu")), memory(runs, part["floor"])])
    head = ["program", "milliseconds", "min–max", "CPU milliseconds", "peak MB"]
    sizes = f"The article has {part['article']:,} bytes. Binary {part['binary'] / 1e6:.1f} MB, embedded model {part['embedded'] / 1e6:.2f} MB."
    return f"{at(part)}\n{table(head, rows)}\n{sizes}\n"


def scaling_table(part):
    text = at(*part["sizes"].values())
    for name in [COMPLEMENT, BARE, OURS, TAG_JSONL, WC]:
        rows, before = [], None
        for size, entry in sorted(part["sizes"].items(), key=lambda pair: int(pair[0])):
            runs = entry["runs"].get(name)
            if not runs:
                continue
            n_bytes, wall = entry["jsonl" if name == TAG_JSONL else "bytes"], median(runs, "wall")
            growth = times(wall, before[1]) if before else None
            of_data = n_bytes / before[0] if before else None
            rows.append([
                digits(n_bytes / 1e6), *seconds(runs), digits(times(n_bytes / 1e6, wall)), memory(runs, part["floor"]),
                f"× {growth:.2f} for × {of_data:.2f}" if growth else "",
            ])
            before = (n_bytes, wall) if wall else before
        text += f"\n`{name}`\n\n{table(['MB', 'seconds', 'min–max', 'MB/s', 'peak MB', 'time for data'], rows)}" if rows else ""
    return text


def marks_table(cache):
    """What was asked for, what was measured, whether it is met."""
    rows = []

    def mark(what, where, value, limit, at_least=False, unit="×", bold=None):
        if value is None:
            return rows.append([what, where, "not measured", ""])
        met = value >= limit if at_least else value <= limit
        text = f"{digits(value)} {unit}".strip()
        rows.append([what, where, text, "yes" if met else bold or "**no**"])

    for corpus in (SMALL, LARGE):
        where = "large corpus" if corpus == LARGE else corpus
        runs = cache.get("training", {}).get("corpora", {}).get(corpus, {}).get("runs", {})
        wall = lambda name: median(runs.get(name), "wall")  # noqa: B023, E731
        peak = lambda name: median(runs.get(name), "peak")  # noqa: B023, E731
        mark("`train --estimator complement`: at most 3 × `wc -w`", where, times(wall(COMPLEMENT), wall(WC)), 3)
        mark("the same, first mark: at most 5 ×", where, times(wall(COMPLEMENT), wall(WC)), 5)
        mark("`train`: at least 10 × faster than TF-IDF + LinearSVC, pairs", where, times(wall(SVC), wall(OURS)), 10, True)
        mark("`train`: at least 6 × faster than fastText, pairs, 25 epochs", where, times(wall(FT_PAIRS), wall(OURS)), 6, True)
        mark("`train`: peak memory at most a quarter of that of TF-IDF + LinearSVC", where, times(peak(OURS), peak(SVC)), 0.25)
    for corpus in (SMALL, LARGE):
        where = "large corpus" if corpus == LARGE else corpus
        runs = cache.get("tagging", {}).get("corpora", {}).get(corpus, {}).get("runs", {})
        wall = lambda name: median(runs.get(name), "wall")  # noqa: B023, E731
        for what, theirs, ours, least in [
            ("`tag`: at least 5 × fastText, pairs", FT_PAIRS, TAG, 5),
            ("`tag --threads 1`: at least 2 × fastText, pairs", FT_PAIRS, TAG_1, 2),
            ("`tag`: at least 20 × scikit-learn, pairs", PAIRS, TAG, 20),
        ]:
            mark(what, f"{where}, whole processes", times(wall(theirs), wall(ours)), least, True)
            mark("the same; theirs without start and model", where, times(bare(runs.get(theirs)), wall(ours)), least, True)
    start, scaling = cache.get("start", {}), cache.get("scaling", {}).get("sizes", {})
    walls = lambda name: median(start.get("runs", {}).get(name), "wall")  # noqa: E731
    thousand = lambda value: None if value is None else 1000 * value  # noqa: E731
    mega = lambda value: None if value is None else value / 1e6  # noqa: E731
    mark("an article of 5 kB, embedded model: at most 15 ms", "whole process", thousand(walls("wiredesk tag article.txt")), 15, unit="ms")
    mark("`--version`: at most 5 ms", "whole process", thousand(walls("wiredesk --version")), 5, unit="ms")
    mark("binary: at most 15 MB", "stripped", mega(start.get("binary")), 15, unit="MB")
    mark("embedded model: at most 3 MB", "file", mega(start.get("embedded")), 3, unit="MB")
    runs = lambda size, name: scaling.get(str(size), {}).get("runs", {}).get(name)  # noqa: E731
    mark("`tag` of 1 GB of JSONL from standard input: under 100 MB", "peak memory", mega(median(runs(1000, TAG_JSONL), "peak")), 100, unit="MB")
    for large in (10, 30, 100, 300, 1000):
        small = large // 10
        growth = times(median(runs(large, COMPLEMENT), "wall"), median(runs(small, COMPLEMENT), "wall"))
        mark("`train --estimator complement`: 10 × the data in at most 11 × the time", f"{small} to {large} MB", growth, 11)
    return table(["mark", "where", "measured", "met"], rows)


def machine_text(cache):
    parts = [cache[part] for part in PARTS if part in cache]
    entries = [e for part in parts for e in [part, *part.get("corpora", {}).values(), *part.get("sizes", {}).values()]]
    newest = max((e["at"] for e in entries if "at" in e), key=lambda m: m["date"])
    lines = [
        f"- {newest['cores']} cores of {newest['cpu']}, {newest['memory'] / 1e9:.0f} GB of memory, {newest['system']}",
        f"- {newest['rust']}; wiredesk built with `cargo build --release`",
        f"- Python {newest['python']}, {cache['packages']}",
        f"- the process that starts all others has {max(part['floor'] for part in parts) / 1e6:.0f} MB, and so has, by the "
        "kernel's account, whatever it starts: less cannot be seen",
    ]
    return "\n".join(lines) + "\n"


def write_page(cache):
    sections = {
        "machine": lambda: machine_text(cache),
        "marks": lambda: marks_table(cache),
        "training": lambda: training_table(cache["training"]),
        "tagging": lambda: tagging_table(cache["tagging"]),
        "start": lambda: start_table(cache["start"]),
        "scaling": lambda: scaling_table(cache["scaling"]),
    }
    page = PAGE.read_text(encoding="utf-8")
    for name, section in sections.items():
        between = re.compile(rf"(<!-- figures {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        if not between.search(page):
            sys.exit(f"docs/performance.md: no place for the figures of {name}")
        missing = name not in cache if name in PARTS else not any(part in cache for part in PARTS)
        text = "Not measured yet.\n" if missing else section()
        page = between.sub(lambda match: f"{match[1]}\n{text.strip()}\n\n{match[2]}", page)  # noqa: B023
    PAGE.write_text(page, encoding="utf-8")


def save(cache):
    """JSON with a line a figure: its list of runs."""
    numbers = re.compile(r"\[\s+((?:[\d.e+-]+,?\s+)+)\]")
    text = json.dumps(cache, indent=1)
    CACHE.write_text(numbers.sub(lambda m: "[" + " ".join(m[1].split()) + "]", text) + "\n")


def main():
    arguments = argparse.ArgumentParser(description="Measures speed and memory; writes docs/performance.md.")
    arguments.add_argument("data", nargs="?", type=Path, default=os.environ.get("WIREDESK_DATA"), help="folder of the sets")
    arguments.add_argument("--wiredesk", type=Path, default=ROOT / "target" / "release" / "wiredesk", help="the program")
    arguments.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="measure these parts")
    arguments.add_argument("--corpora", nargs="+", choices=[SMALL, LARGE], default=[SMALL, LARGE], help="train on and tag these")
    arguments.add_argument("--large", type=int, default=200, metavar="MB", help="size of the large corpus")
    arguments.add_argument("--sizes", nargs="+", type=int, default=SIZES, metavar="MB", help="sizes of the scaling series")
    arguments.add_argument("--rounds", type=int, default=5, help="rounds that count")
    arguments.add_argument("--limit", type=int, default=1800, metavar="SECONDS", help="end what takes longer")
    arguments.add_argument("--quick", action="store_true", help=f"leave out on the large corpus: {'; '.join(HEAVY)}")
    arguments.add_argument("--scratch", type=Path, help="folder for temporary files")
    arguments.add_argument("--page", action="store_true", help="measure nothing, write the page")
    options = arguments.parse_args()
    options.data = options.data and Path(options.data).resolve()
    cache = json.loads(CACHE.read_text()) if CACHE.exists() else {}
    if not options.page:
        cache["packages"] = packages()
        with tempfile.TemporaryDirectory(dir=options.scratch) as scratch:
            bench = Bench(options, Path(scratch))
            for part in PARTS:
                if part not in options.only:
                    continue
                measured = getattr(bench, part)()
                nest = {"training": "corpora", "tagging": "corpora", "scaling": "sizes"}.get(part)
                if nest:
                    measured = {nest: {**cache.get(part, {}).get(nest, {}), **measured}}
                floor = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
                cache[part] = {"floor": floor, **measured}
                save(cache)
                write_page(cache)
    write_page(cache)


if __name__ == "__main__":
    main()
