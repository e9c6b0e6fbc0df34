"""What goes wrong with MLflow, as one sentence without the rows, addresses and keys that its errors carry."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from leadqual.errors import PromotionError

__all__ = ["reached"]


@contextmanager
def reached() -> Iterator[None]:
    """Turn what MLflow and its database raise into one sentence, and keep rows of the database out of the log.

    Raises
    ------
    PromotionError
        When the registry cannot be reached, or its database refuses what MLflow asks.
    """
    from mlflow.exceptions import MlflowException
    from sqlalchemy.exc import SQLAlchemyError

    # MLflow logs a refused statement with its values, which may be rows of the store
    log = logging.getLogger("mlflow.store.db.utils")
    log.addFilter(_without_rows)
    try:
        yield
    except (MlflowException, SQLAlchemyError, OSError) as error:
        # what it says may hold addresses, credentials and rows
        inside = error if isinstance(error, SQLAlchemyError) else error.__cause__
        if isinstance(inside, SQLAlchemyError):
            raise PromotionError(
                f"the registry's database refuses what MLflow asks of it ({type(inside).__name__}): its tables are of "
                "another version of MLflow, locked or damaged; back it up and run mlflow db upgrade on it, with the "
                "MLflow that is installed here."
            ) from None
        raise PromotionError(
            f"the registry does not answer as it should ({type(error).__name__}); see that it runs, then try again: "
            "what was done is kept."
        ) from None
    finally:
        log.removeFilter(_without_rows)


def _without_rows(record: logging.LogRecord) -> bool:
    if record.levelno >= logging.WARNING:  # below, it tells that tables are made
        record.msg, record.args, record.exc_info = "the registry's database refused a statement", (), None
    return True
