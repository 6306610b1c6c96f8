"""A classifier of Detoxify's shape beside ours: BERT-base with six outputs, random weights, on the processor.

    python -m tests.benchmarks.bert

The shape costs the same whatever the weights are. Its vocabulary of 30,522 pieces is made here from the same texts as the
comments, so that they become fewer pieces than with one made elsewhere, which helps it. Comments are sorted by length, cut
at 512 pieces, and the best of several batch sizes counts. A few dozen comments do: every so many of the comments that ours
scores, by length. Ours is also shown on those few alone, where what a batch costs at least weighs most. Processor time on
one thread; with two threads by the clock.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Sequence

import torch
from threadpoolctl import threadpool_limits
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers
from transformers import BertConfig, BertForSequenceClassification

from moderation import Comment, load_moderator
from moderation.labels import LABEL_NAMES
from tests.benchmarks import results
from tests.benchmarks.throughput import written_texts

PIECES = 30_522
LONGEST = 512
BATCHES = (1, 2, 4, 8, 16, 32)
FEW = 32
COMMENTS = 1_000
ROUNDS = 7
ASKED = 500
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


def make_tokenizer(texts: Sequence[str]) -> Tokenizer:
    """Return BERT's way of cutting text into pieces, with a vocabulary made from texts."""
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(
        vocab_size=PIECES, special_tokens=list(SPECIAL), min_frequency=1, show_progress=False
    )
    tokenizer.train_from_iterator(texts, trainer)
    ends = [(name, tokenizer.token_to_id(name)) for name in ("[CLS]", "[SEP]")]
    tokenizer.post_processor = processors.TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=ends)
    tokenizer.enable_truncation(LONGEST)
    tokenizer.enable_padding(pad_id=0, pad_token="[PAD]")
    return tokenizer


def make_model() -> BertForSequenceClassification:
    """Return BERT-base with six outputs and random weights."""
    torch.manual_seed(0)
    config = BertConfig(vocab_size=PIECES, max_position_embeddings=LONGEST, num_labels=len(LABEL_NAMES))
    return BertForSequenceClassification(config).eval()


class Theirs:
    """Scores texts, shape (texts, labels), in the order of their lengths."""

    def __init__(self, vocabulary: Sequence[str]) -> None:
        self._tokenizer, self._model = make_tokenizer(vocabulary), make_model()
        self.size = 1

    def __call__(self, texts: Sequence[str]) -> torch.Tensor:
        by_length = sorted(texts, key=len)
        found = []
        with torch.inference_mode():
            for start in range(0, len(by_length), self.size):
                pieces = self._tokenizer.encode_batch(by_length[start : start + self.size])
                ids = torch.tensor([one.ids for one in pieces])
                mask = torch.tensor([one.attention_mask for one in pieces])
                found.append(torch.sigmoid(self._model(input_ids=ids, attention_mask=mask).logits))
        return torch.cat(found)

    def best(self, texts: Sequence[str]) -> float:
        """Return processor seconds a comment with the best batch size, and keep that size."""
        times = {}
        for self.size in BATCHES:
            times[self.size] = results.processor_seconds(lambda: self(texts)) / len(texts)
            results.progress(f"BERT-base, {self.size} at a time: {times[self.size]:.3f} s a comment")
        self.size = min(times, key=times.__getitem__)
        return times[self.size]


def a_few(texts: Sequence[str], few: int = FEW) -> list[str]:
    """Every so many of the texts by length: as long on average as all of them."""
    by_length = sorted(texts, key=len)
    step = len(by_length) / few
    return [by_length[int((index + 0.5) * step)] for index in range(few)]


def measure(asked: argparse.Namespace) -> list[results.Row]:
    results.progress("BERT-base: making it")
    threadpool_limits(1, "blas")
    cores = torch.get_num_threads()
    texts = results.synthetic_texts(COMMENTS * (ROUNDS + 1), seed=2)
    few = a_few(texts[:COMMENTS])
    theirs = Theirs([*texts, *written_texts()])
    moderator = load_moderator("default")

    def ours(part: Sequence[str]) -> float:
        comments = [Comment(text) for text in part]
        return results.processor_seconds(lambda: moderator.scores(comments)) / len(part)

    torch.set_num_threads(1)
    theirs(few[:2])
    ours(texts[-COMMENTS:])
    alone = ours(few)
    times = [ours(texts[start * COMMENTS :][:COMMENTS]) for start in range(ROUNDS // 2)]
    one = theirs.best(few)
    times += [ours(texts[start * COMMENTS :][:COMMENTS]) for start in range(ROUNDS // 2, ROUNDS)]
    many = statistics.median(times)
    torch.set_num_threads(min(2, cores))
    two = results.seconds(lambda: theirs(few)) / len(few)
    about = f"BERT-base, {len(few)} of the comments, {theirs.size} at a time"
    return [
        results.at_least(f"six labels beside {about}", *_figures(many, one), one / many, ASKED),
        results.Row("the same, it on two threads", *_figures(many, two), two / many),
        results.Row(f"the same, ours on those {len(few)} comments alone", *_figures(alone, one), one / alone),
    ]


def _figures(ours: float, theirs: float) -> tuple[str, str]:
    return f"{1_000 * ours:.3f} ms", f"{1_000 * theirs:.0f} ms"


if __name__ == "__main__":
    results.main(measure, __doc__ or "")
