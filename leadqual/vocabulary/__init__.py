"""The words that exports use: column names and outcomes in several languages, known CRMs, and how people are named."""

from leadqual.vocabulary.column_names import plain_name, word_set
from leadqual.vocabulary.crm import recognise

__all__ = ["plain_name", "recognise", "word_set"]
