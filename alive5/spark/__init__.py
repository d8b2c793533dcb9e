"""
Conversations in Spark 4: ``spark.dataSource.register(Alive5DataSource)``, then ``spark.read.format("alive5")``.

Law: pyspark is imported by ``source`` alone, and is the cluster's own: the extra
``spark`` brings pyarrow only. A key stands in no option and in no partition.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .source import Alive5DataSource as Alive5DataSource

__all__ = ["Alive5DataSource"]


def __getattr__(name: str) -> Any:
    if name != "Alive5DataSource":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        from .source import Alive5DataSource
    except ImportError as error:
        raise ImportError("this needs pyspark 4, as the cluster has it: pip install 'pyspark>=4'") from error
    return Alive5DataSource
