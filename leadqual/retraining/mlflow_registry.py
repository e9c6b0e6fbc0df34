"""The registry in MLflow: every training as a run with its bundle, and the aliases that say which one is deployed."""

from __future__ import annotations

import os
import re
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from leadqual.bundle import Bundle
from leadqual.errors import DependencyError, PromotionError
from leadqual.retraining.record import TrainingRecord, record_of
from leadqual.scorer.registry import ARTIFACT, fetch_bundle, whole_uri

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Registered", "Registry"]

_ALIASES = ("champion", "challenger", "previous")
_NOT_A_NAME = re.compile(r"[^\w\-. /]", re.ASCII)
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Registered:
    """One version in the registry.

    Parameters
    ----------
    version
        Its number.
    digest
        Digest of its bundle.
    run
        The MLflow run it came from.
    """

    version: int
    digest: str
    run: str


class Registry:
    """Where runs and versions live.

    Parameters
    ----------
    name
        The registered model, usually the bundle's name.
    tracking_uri
        A SQLite store (``sqlite:///mlflow.db``, the default) or the address of an ``mlflow server``.
    artifacts
        Where a local store keeps files; None: a folder ``mlartifacts`` beside the database. A server has its own.

    Raises
    ------
    DependencyError
        When mlflow is not installed.
    PromotionError
        When the registry cannot be reached.

    Examples
    --------
    ``notebooks/03_feedback_and_retraining`` promotes and rolls back.
    """

    def __init__(self, name: str, tracking_uri: str = "sqlite:///mlflow.db", *, artifacts: str | None = None) -> None:
        os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
        os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
        try:
            import mlflow
        except ImportError as error:
            raise DependencyError(
                'the registry needs mlflow, which is not installed; pip install "leadqual[retrain]".'
            ) from error
        self.name, self.tracking_uri = name, whole_uri(tracking_uri)
        with _reached():
            self._client = mlflow.MlflowClient(tracking_uri=self.tracking_uri)
            self._experiment = self._find_experiment(artifacts)
            self._find_model()

    def register(
        self,
        bundle: Bundle,
        *,
        kind: str,
        record: TrainingRecord | None = None,
    ) -> Registered:
        """Log a training as a run with everything about it, and register its bundle as a version.

        Parameters
        ----------
        bundle
            What was trained.
        kind
            What it is, such as ``"refit"``.
        record
            What is kept beside it; None: what the bundle itself tells, see `record_of`.

        Raises
        ------
        PromotionError
            When the registry does not take it; then there is no new version.
        """
        with _reached():
            known = [one for one in self.versions() if one.digest == bundle.digest]
            if known:
                return known[-1]
            run = self._client.create_run(self._experiment, run_name=f"{kind} {bundle.digest[:12]}")
            identity = run.info.run_id
            kept = record_of(bundle) if record is None else record
            self._log(identity, kept)
            with tempfile.TemporaryDirectory() as folder:
                bundle.save(Path(folder) / "bundle.json")
                self._client.log_artifact(identity, str(Path(folder) / "bundle.json"), "bundle")
            self._client.set_terminated(identity)
            made = self._client.create_model_version(
                self.name,
                source=f"{run.info.artifact_uri}/{ARTIFACT.partition('/')[0]}",
                run_id=identity,
                tags={"digest": bundle.digest, "kind": kind},
            )
        return Registered(int(made.version), bundle.digest, identity)

    def versions(self) -> tuple[Registered, ...]:
        """Return all versions, the first one first."""
        with _reached():
            found = self._client.search_model_versions(f"name='{self.name}'")
        every = [Registered(int(one.version), one.tags.get("digest", ""), str(one.run_id)) for one in found]
        return tuple(sorted(every, key=lambda one: one.version))

    def at(self, alias: str) -> Registered | None:
        """Return the version that an alias points at; None where it points at none.

        Raises
        ------
        PromotionError
            When there is no such alias, or the registry cannot be reached.
        """
        if alias not in _ALIASES:
            raise PromotionError(f"an alias must be one of {', '.join(_ALIASES)}; choose one of them.")
        with _reached():
            aliases = self._client.get_registered_model(self.name).aliases
            if alias not in aliases:
                return None
            one = self._client.get_model_version(self.name, aliases[alias])
        return Registered(int(one.version), one.tags.get("digest", ""), str(one.run_id))

    def bundle(self, alias: str = "champion") -> Bundle:
        """Fetch the bundle that an alias points at."""
        return fetch_bundle(self.name, alias=alias, tracking_uri=self.tracking_uri)

    def bundles(self) -> dict[str, Bundle]:
        """Fetch every bundle that was ever registered, by digest."""
        found = {}
        for one in self.versions():
            with _reached(), tempfile.TemporaryDirectory() as folder:
                bundle = Bundle.load(Path(self._client.download_artifacts(one.run, ARTIFACT, folder)))
            found[bundle.digest] = bundle
        return found

    def propose(self, version: Registered) -> None:
        """Let the alias ``challenger`` point at a version."""
        with _reached():
            self._client.set_registered_model_alias(self.name, "challenger", str(version.version))

    def promote(self, version: Registered, *, champion: str | None) -> None:
        """Make a version the champion; the present one becomes ``previous``.

        Parameters
        ----------
        version
            What is promoted.
        champion
            Digest of the champion that it was compared with; None: there is none yet.

        Raises
        ------
        PromotionError
            When someone else has moved the alias since, or the registry cannot be reached. The order of the steps is
            such that the champion is the old one or the new one at every moment, whole.
        """
        present = self.at("champion")
        if present is not None and present.version == version.version:
            return
        if (None if present is None else present.digest) != champion:
            raise PromotionError(
                "the champion is not the one that the challenger was compared with, someone else has moved it; compare "
                "again with the present one."
            )
        with _reached():
            if present is not None:
                self._client.set_registered_model_alias(self.name, "previous", str(present.version))
            self._client.set_registered_model_alias(self.name, "champion", str(version.version))
            waiting = self.at("challenger")
            if waiting is not None and waiting.version == version.version:
                self._client.delete_registered_model_alias(self.name, "challenger")

    def rollback(self) -> Registered:
        """Make the previous champion the champion again; the present one becomes ``previous``.

        Raises
        ------
        PromotionError
            When there is no previous one, or the registry cannot be reached.
        """
        present, previous = self.at("champion"), self.at("previous")
        if present is None or previous is None:
            raise PromotionError("there is no previous champion to go back to; promote a version instead.")
        with _reached():
            self._client.set_registered_model_alias(self.name, "champion", str(previous.version))
            self._client.set_registered_model_alias(self.name, "previous", str(present.version))
        return previous

    def _log(self, run: str, record: TrainingRecord) -> None:
        from mlflow.entities import Metric, Param

        parameters = [
            Param(_NOT_A_NAME.sub("_", key), str(value)[:_LONGEST]) for key, value in record.parameters.items()
        ]
        metrics = [Metric(_NOT_A_NAME.sub("_", key), float(value), 0, 0) for key, value in record.metrics.items()]
        self._client.log_batch(run, metrics=metrics, params=parameters)
        for file, text in record.files.items():
            self._client.log_text(run, text, file)
        for file, figure in record.figures.items():
            self._client.log_figure(run, figure, file)

    def _find_experiment(self, artifacts: str | None) -> str:
        from mlflow.exceptions import MlflowException

        title = f"leadqual {self.name}"
        found = self._client.get_experiment_by_name(title)
        if found is not None:
            return str(found.experiment_id)
        place = artifacts
        if place is None and self.tracking_uri.startswith("sqlite:///"):
            place = str(Path(self.tracking_uri.removeprefix("sqlite:///")).absolute().parent / "mlartifacts")
        try:
            return str(self._client.create_experiment(title, artifact_location=place))
        except MlflowException:
            # two began at the same moment
            found = self._client.get_experiment_by_name(title)
            if found is None:
                raise
            return str(found.experiment_id)

    def _find_model(self) -> None:
        from mlflow.exceptions import MlflowException

        try:
            self._client.create_registered_model(self.name)
        except MlflowException:
            self._client.get_registered_model(self.name)


@contextmanager
def _reached() -> Iterator[None]:
    from mlflow.exceptions import MlflowException
    from sqlalchemy.exc import SQLAlchemyError

    try:
        yield
    except (MlflowException, SQLAlchemyError, OSError) as error:
        # what it says may hold addresses and credentials
        raise PromotionError(
            f"the registry does not answer as it should ({type(error).__name__}); see that it runs, then try again: "
            "what was done is kept."
        ) from None
