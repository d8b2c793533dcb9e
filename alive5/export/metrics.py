"""Figures as a file: CSV or Parquet, a row a conversation."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Literal

from .dataset.formats.csv import write_rows
from .dataset.formats.parquet import write_table
from .dataset.replacing import replacing
from .insight.figures import ConversationMetrics
from .read.measured import METRICS, values_of

MetricsFormat = Literal["csv", "parquet"]


def write_metrics(figures: Iterable[ConversationMetrics], path: Path, format: MetricsFormat) -> None:  # noqa: A002
    """
    Write figures into a new file, which is there only when it is whole; an older one is replaced.
    """
    with replacing(path) as file:
        if format == "parquet":
            write_table(file, METRICS, map(values_of, figures))
        else:
            with io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True) as text:
                print_metrics(figures, text)


def print_metrics(figures: Iterable[ConversationMetrics], text: IO[str]) -> None:
    """
    Write figures as CSV.
    """
    write_rows(text, METRICS, map(values_of, figures))
