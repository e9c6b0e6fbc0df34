"""A bundle from a model registry (MLflow): its file is fetched and read here, and nothing is executed."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from leadqual.bundle import Bundle
from leadqual.errors import DependencyError, PromotionError

__all__ = ["ARTIFACT", "fetch_bundle", "whole_uri"]

ARTIFACT = "bundle/bundle.json"
"""Where the bundle lies among the artifacts of a run."""


def fetch_bundle(name: str, *, alias: str = "champion", tracking_uri: str | None = None) -> Bundle:
    """Fetch the bundle that an alias of a registered model points at.

    The file is read by `Bundle.load`, with its audit and its digest; ``mlflow.load_model``, which would execute what it
    finds, is never called.

    Parameters
    ----------
    name
        The registered model.
    alias
        ``"champion"``, ``"challenger"`` or ``"previous"``.
    tracking_uri
        Where MLflow keeps its runs; None: what it is set to.

    Raises
    ------
    DependencyError
        When mlflow is not installed.
    PromotionError
        When the registry cannot be reached, has no such model or alias, or has lost the file.
    BundleError
        When what it holds is not exactly what was registered.
    """
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    try:
        import mlflow
        from mlflow.exceptions import MlflowException
    except ImportError as error:
        raise DependencyError(
            'the registry needs mlflow, which is not installed; pip install "leadqual[retrain]".'
        ) from error
    client = mlflow.MlflowClient(tracking_uri=None if tracking_uri is None else whole_uri(tracking_uri))
    try:
        version = client.get_model_version_by_alias(name, alias)
    except (MlflowException, OSError) as error:
        raise PromotionError(
            f"the registry gives no {alias} of {name} ({type(error).__name__}); check its address, the model's name, "
            "and that one was promoted."
        ) from None
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = client.download_artifacts(str(version.run_id), ARTIFACT, folder)
            bundle = Bundle.load(Path(path))
    except (MlflowException, OSError) as error:
        raise PromotionError(
            f"version {version.version} of {name} is its {alias}, but gives no file {ARTIFACT} "
            f"({type(error).__name__}); put the file back with leadqual promote --repair, or see that the artifact "
            "store can be reached."
        ) from None
    tagged = version.tags.get("digest")
    if tagged is not None and tagged != bundle.digest:
        raise PromotionError(
            f"the {alias} of {name} is not the bundle that was registered, its digest is another; roll back."
        )
    return bundle


def whole_uri(uri: str) -> str:
    """Return the address of a store that means the same wherever one stands: a relative SQLite path made whole.

    Examples
    --------
    >>> whole_uri("http://registry.example"), whole_uri("sqlite:////data/mlflow.db")
    ('http://registry.example', 'sqlite:////data/mlflow.db')
    """
    path = uri.removeprefix("sqlite:///")
    return uri if path == uri or path.startswith(("/", ":memory:")) else f"sqlite:///{Path(path).absolute()}"
