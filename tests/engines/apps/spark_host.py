"""
Spark in a process of its own, told what to do by lines of JSON on stdin, answering with lines on stdout.

Arguments: the folder it may write to, and the settings of the session as JSON.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import DataFrame, SparkSession

from alive5.spark import Alive5DataSource

FOLDER = Path(sys.argv[1])


def die_once() -> None:
    """
    Die as the file says, if it is there: one task alone can remove it.
    """
    order = FOLDER / "die"
    try:
        how = order.read_text()
        order.unlink()
    except FileNotFoundError:
        return
    if how == "exit":
        os._exit(7)
    raise RuntimeError("the task was told to die")


class Mortal(Alive5DataSource):
    """The data source, with tasks that may die after their first rows."""

    @classmethod
    def name(cls) -> str:
        return "mortal"

    def reader(self, schema: Any) -> Any:
        reader = super().reader(schema)
        whole = reader.read

        def read(partition: Any) -> Iterator[Any]:
            for batch in whole(partition):
                yield batch
                die_once()

        reader.read = read
        return reader


def kept(frame: DataFrame | pa.Table, name: str) -> dict[str, Any]:
    table = frame if isinstance(frame, pa.Table) else frame.toArrow()
    pq.write_table(table, FOLDER / name)
    return {"table": name, "rows": table.num_rows}


def read(spark: SparkSession, name: str, options: dict[str, str], *, source: str = "alive5", **more: Any) -> Any:
    """
    Read, keep the rows, and say how many partitions it took.
    """
    for setting, value in more.get("settings", {}).items():
        spark.conf.set(setting, value)
    frame = spark.read.format(source).options(**options).load()
    if "where" in more:
        frame = frame.where(more["where"])
    said = kept(frame, name)
    for action in range(more.get("again", 0)):
        said[f"again {action}"] = frame.count()
    return {**said, "partitions": frame.rdd.getNumPartitions(), "schema": json.loads(frame.schema.json())}


def stream(spark: SparkSession, name: str, options: dict[str, str], *, checkpoint: str) -> Any:
    """
    Read what a stream has by now, a table a batch.
    """
    batches: dict[str, pa.Table] = {}

    def keep(frame: DataFrame, number: int) -> None:
        batches[str(number)] = frame.toArrow()

    frame = spark.readStream.format("alive5").options(**options).load()
    writer = frame.writeStream.foreachBatch(keep).option("checkpointLocation", str(FOLDER / checkpoint))
    query = writer.trigger(availableNow=True).start()
    if not query.awaitTermination(100):
        raise TimeoutError("the stream did not end")
    return {number: kept(table, f"{name}-{number}") for number, table in batches.items()}


def sql(spark: SparkSession, name: str, statements: list[str]) -> Any:
    """
    Run statements and keep the rows of the last one.
    """
    for statement in statements:
        frame = spark.sql(statement)
    return kept(frame, name)


COMMANDS: dict[str, Callable[..., Any]] = {"read": read, "stream": stream, "sql": sql}


def answer(spark: SparkSession, asked: dict[str, Any]) -> dict[str, Any]:
    try:
        return {"done": COMMANDS[asked.pop("do")](spark, **asked)}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


def main() -> None:
    builder = SparkSession.builder.appName("alive5 tests")
    for name, value in json.loads(sys.argv[2]).items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    for source in (Alive5DataSource, Mortal):
        spark.dataSource.register(source)
    for line in sys.stdin:
        sys.stdout.write(f"\n> {json.dumps(answer(spark, json.loads(line)))}\n")
        sys.stdout.flush()
    spark.stop()


if __name__ == "__main__":
    main()
