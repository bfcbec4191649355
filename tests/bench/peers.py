"""Other programs on the benchmark's texts, one thread each: the rows of `cargo xtask bench curate`.

    cargo xtask bench curate --only native          leaves the texts below the target folder
    pip install datasketch rensa                    and, with torch, py-data-juicer; what is missing is left out
    cargo xtask bench curate --only peers

`--megabytes N` after the file reads only so much of it: Data-Juicer takes minutes for 100 MB.
"""

import argparse
import contextlib
import importlib
import json
import os
import re
import tempfile
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

# One thread, as the rows beside it; read when the libraries are loaded.
for _name in ("OMP_NUM_THREADS", "RAYON_NUM_THREADS", "TOKENIZERS_PARALLELISM"):
    os.environ[_name] = "1"

ROOT = Path(__file__).resolve().parents[2]
N_PERMUTATIONS = 256
WINDOW = 5
THRESHOLD = 0.7

TEN_FILTERS = (
    "text_length_filter alphanumeric_filter special_characters_filter average_line_length_filter "
    "maximum_line_length_filter words_num_filter character_repetition_filter word_repetition_filter "
    "stopwords_filter flagged_words_filter"
).split()


def read(path, max_bytes):
    """Texts of a file of JSON lines, up to a size."""
    texts, size = [], 0
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            if size >= max_bytes:
                break
            text = json.loads(line)["text"]
            texts.append(text)
            size += len(text.encode())
    return texts, size / 1e6


def shingles(text):
    words = text.lower().split()
    return {" ".join(words[i : i + WINDOW]) for i in range(max(len(words) - WINDOW + 1, 1))}


def rensa_minhash(kind):
    def run(texts):
        import rensa

        signer = getattr(rensa, kind)
        index = rensa.RMinHashLSH(threshold=THRESHOLD, num_perm=N_PERMUTATIONS, num_bands=32) if kind == "RMinHash" else None
        n_repeated = 0
        for row, text in enumerate(texts):
            signature = signer(num_perm=N_PERMUTATIONS, seed=42)
            signature.update(list(shingles(text)))
            if index is None:
                signature.digest()
                continue
            n_repeated += bool(index.query(signature))
            index.insert(row, signature)
        return "signatures alone" if index is None else f"{n_repeated} rows repeat an earlier one"

    return run


def datasketch_minhash(texts):
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(threshold=THRESHOLD, num_perm=N_PERMUTATIONS)
    n_repeated = 0
    for row, text in enumerate(texts):
        signature = MinHash(num_perm=N_PERMUTATIONS)
        signature.update_batch([shingle.encode() for shingle in shingles(text)])
        n_repeated += bool(index.query(signature))
        index.insert(row, signature)
    return f"{n_repeated} rows repeat an earlier one"


def operator(name, **params):
    """An operator of Data-Juicer, whose file is named like it."""
    from data_juicer.utils.lazy_loader import LazyLoader

    # It would install what it lacks while it runs, gigabytes of it.
    def refuse(_, package, *__):
        raise ImportError(f"{package} is missing: pip install {package}")

    LazyLoader._install_package = classmethod(refuse)
    kind = name.rsplit("_", 1)[1]
    importlib.import_module(f"data_juicer.ops.{kind}.{name}")
    from data_juicer.ops.base_op import OPERATORS

    return OPERATORS.modules[name](**params)


def word_folder():
    """Lists for Data-Juicer, which would fetch its own from a server: the English ones of this repository."""
    rust = (ROOT / "core/curate/src/text/word_lists.rs").read_text(encoding="utf-8")
    folder = Path(tempfile.mkdtemp())
    for name, constant in (("stopwords", "STOP_WORDS"), ("flagged_words", "FLAGGED_WORDS")):
        english = re.search(constant + r': &\[\(&str, &str\)\] = &\[\s*\(\s*"en",\s*"([^"]*)"', rust)[1]
        words = english.replace("\\\n", "").split()
        (folder / f"{name}.json").write_text(json.dumps({"en": words}), encoding="utf-8")
    return str(folder)


def juicer_filters(texts):
    from data_juicer.utils.constant import Fields

    folder = word_folder()
    lists = {"stopwords_filter": {"stopwords_dir": folder}, "flagged_words_filter": {"flagged_words_dir": folder}}
    operators = [operator(name, **lists.get(name, {})) for name in TEN_FILTERS]
    n_kept = 0
    for first in range(0, len(texts), 1000):
        batch = texts[first : first + 1000]
        n = len(batch)
        samples = {"text": batch, Fields.stats: [{} for _ in range(n)], Fields.context: [{} for _ in range(n)]}
        kept = [True] * n
        # Words and lines are found once for all, as its fusion does it.
        for each in operators:
            samples = each.compute_stats_batched(samples, context=True) if takes_context(each) else each.compute_stats_batched(samples)
            kept = [a and b for a, b in zip(kept, each.process_batched(samples))]
        n_kept += sum(kept)
    return f"keeps {n_kept} of {len(texts)} rows"


def takes_context(each):
    code = each.compute_stats_batched
    code = getattr(code, "__wrapped__", code).__code__
    return "context" in code.co_varnames[: code.co_argcount]


def juicer_dedup(name, **params):
    def run(texts):
        from datasets import Dataset

        each = operator(name, **params)
        signed = [each.compute_hash({"text": text}) for text in texts]
        kept, _ = each.process(Dataset.from_list(signed))
        return f"keeps {len(kept)} of {len(texts)} rows"

    return run


# Name of the row, package, what runs, and MB that are enough for a steady figure.
ROWS = [
    ("filters data-juicer 10", "py-data-juicer", juicer_filters, 10),
    ("minhash data-juicer clusters", "py-data-juicer", juicer_dedup("document_minhash_deduplicator", window_size=WINDOW), 10),
    ("simhash clusters", "py-data-juicer", juicer_dedup("document_simhash_deduplicator"), 10),
    ("minhash sluice clusters", "datasketch", datasketch_minhash, 20),
    ("minhash sluice sketch", "rensa", rensa_minhash("CMinHash"), 100),
    ("minhash sluice clusters", "rensa", rensa_minhash("RMinHash"), 100),
]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", help="the file of JSON lines that the native benchmark has left")
    parser.add_argument("--megabytes", type=float, help="how much of it; else as much as gives a steady figure")
    arguments = parser.parse_args()
    print(f"{'name':<32}{'program':<26}{'MB':>6}{'MB/s':>9}{'seconds':>10}   what")
    for name, package, run, enough in ROWS:
        try:
            program = f"{package} {version(package)}"
        except PackageNotFoundError:
            print(f"{name:<32}{package:<26}not installed: pip install {package}")
            continue
        texts, megabytes = read(arguments.texts, (arguments.megabytes or enough) * 1e6)
        try:
            # Their progress bars and logs are not the benchmark's.
            with open(os.devnull, "w") as nowhere, contextlib.redirect_stderr(nowhere):
                run(texts[:200])
                begun = time.perf_counter()
                said = run(texts)
                seconds = time.perf_counter() - begun
        except Exception as error:
            reason = re.sub(r"\s+", " ", str(error))[:160]
            print(f"{name:<32}{program:<26}does not run here: {type(error).__name__}: {reason}")
            continue
        print(f"{name:<32}{program:<26}{megabytes:>6.0f}{megabytes / seconds:>9.2f}{seconds:>10.2f}   {said}")


if __name__ == "__main__":
    main()
