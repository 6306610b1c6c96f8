"""Examples: situations with labels; their files, splits, counts and checks."""

from moderation.examples.json_lines import (
    OWN_LICENCE,
    digest,
    example_from_dict,
    example_to_dict,
    read_examples,
)
from moderation.examples.judgements import (
    Judgement,
    agreed,
    judge,
    read_judgements,
    read_labels,
    write_judgements,
)
from moderation.examples.making import (
    DOCUMENTS,
    OWNERS_LICENCE,
    ExampleFile,
    examples_of_file,
    examples_of_thread,
    with_labels,
)
from moderation.examples.past_decisions import labels_of_status
from moderation.examples.splits import for_fitting, in_test, split, split_of
from moderation.examples.threads import in_threads

__all__ = [
    "DOCUMENTS",
    "OWNERS_LICENCE",
    "OWN_LICENCE",
    "ExampleFile",
    "Judgement",
    "agreed",
    "digest",
    "example_from_dict",
    "example_to_dict",
    "examples_of_file",
    "examples_of_thread",
    "for_fitting",
    "in_test",
    "in_threads",
    "judge",
    "labels_of_status",
    "read_examples",
    "read_judgements",
    "read_labels",
    "split",
    "split_of",
    "with_labels",
    "write_judgements",
]
