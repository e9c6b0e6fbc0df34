"""Tables as people bring them: CSV, Excel, Parquet and SQL as text columns, with their encodings, dates, numbers."""

from leadqual.tables.sources import Source, SourceTable, read_source, read_source_chunks

__all__ = ["Source", "SourceTable", "read_source", "read_source_chunks"]
