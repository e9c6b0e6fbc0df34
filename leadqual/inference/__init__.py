"""Inference: the schema of a table guessed from its columns, each guess with its reason."""

from leadqual.inference.inference import InferredSchema, infer_schema

__all__ = ["InferredSchema", "infer_schema"]
