"""The registry in MLflow: every training as a run with its bundle, and the aliases that say which one is deployed."""

from __future__ import annotations

import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from leadqual.bundle import Bundle
from leadqual.errors import BundleError, DependencyError, PromotionError
from leadqual.retraining.mlflow_errors import reached
from leadqual.retraining.record import TrainingRecord, record_of
from leadqual.scorer.registry import ARTIFACT, fetch_bundle, whole_uri

__all__ = ["Fetched", "Registered", "Registry"]

_ALIASES = ("champion", "challenger", "previous")
_NOT_A_NAME = re.compile(r"[^\w\-. /]", re.ASCII)
_MAX_LENGTH = 500


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


@dataclass(frozen=True, slots=True, eq=False)
class Fetched:
    """The bundles of a registry.

    Parameters
    ----------
    bundles
        Each that can be read, by digest.
    notes
        A sentence for each version that was passed over, with why and the way out.
    """

    bundles: dict[str, Bundle]
    notes: tuple[str, ...] = ()


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
        with reached():
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

        A bundle that is registered already stays the version it is; where that has lost its file, it gets it back.

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
        with reached():
            known = [one for one in self.versions() if one.digest == bundle.digest]
            if known:
                return known[-1] if self._why_lost(known[-1]) is None else self.repair(bundle)
            return self._new_version(bundle, kind, record_of(bundle) if record is None else record)

    def versions(self) -> tuple[Registered, ...]:
        """Return all versions, the first one first."""
        with reached():
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
        with reached():
            aliases = self._client.get_registered_model(self.name).aliases
            if alias not in aliases:
                return None
            one = self._client.get_model_version(self.name, aliases[alias])
        return Registered(int(one.version), one.tags.get("digest", ""), str(one.run_id))

    def bundle(self, alias: str = "champion") -> Bundle:
        """Fetch the bundle that an alias points at."""
        return fetch_bundle(self.name, alias=alias, tracking_uri=self.tracking_uri)

    def bundles(self) -> dict[str, Bundle]:
        """Fetch every bundle that was ever registered and can be read, by digest; see `fetch_all`."""
        return self.fetch_all().bundles

    def fetch_all(self) -> Fetched:
        """Fetch every bundle, and say which versions were passed over: of others, without a file, or damaged.

        Raises
        ------
        PromotionError
            When the registry cannot be reached.
        """
        found: dict[str, Bundle] = {}
        notes = []
        for one in self.versions():
            why = self._why_lost(one)
            if why is None:
                bundle = self._fetch(one)
                found[bundle.digest] = bundle
            else:
                notes.append(f"Version {one.version} of {self.name} was passed over: {why}.")
        return Fetched(found, tuple(notes))

    def repair(self, bundle: Bundle) -> Registered:
        """Give a version that has lost its file, or whose file is damaged, the bundle that was registered as it.

        Where its run takes no file any more, the bundle becomes a new version, and the aliases move to that.

        Parameters
        ----------
        bundle
            The bundle itself; it is known by its digest.

        Returns
        -------
        Registered
            The version that has the file now.

        Raises
        ------
        PromotionError
            When no version is of this bundle, or the registry cannot be reached.
        """
        known = [one for one in self.versions() if one.digest == bundle.digest]
        if not known:
            raise PromotionError(
                f"no version of {self.name} is of this bundle, the file must be the one that was registered; promote "
                "it without --repair, if it shall be the champion."
            )
        for one in known:
            if self._why_lost(one) is None:
                continue
            try:
                with reached():
                    self._keep_file(one.run, bundle)
            except PromotionError:
                pass
            if self._why_lost(one) is not None:
                return self._replaced(one, bundle)
        return known[-1]

    def propose(self, version: Registered) -> None:
        """Let the alias ``challenger`` point at a version."""
        with reached():
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
        with reached():
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
            When there is no previous one, its file is gone, or the registry cannot be reached.
        """
        present, previous = self.at("champion"), self.at("previous")
        if present is None or previous is None:
            raise PromotionError("there is no previous champion to go back to; promote a version instead.")
        why = self._why_lost(previous)
        if why is not None:
            raise PromotionError(f"version {previous.version} of {self.name} cannot be gone back to: {why}.")
        with reached():
            self._client.set_registered_model_alias(self.name, "champion", str(previous.version))
            self._client.set_registered_model_alias(self.name, "previous", str(present.version))
        return previous

    def _fetch(self, one: Registered) -> Bundle:
        with reached(), tempfile.TemporaryDirectory() as folder:
            try:
                bundle = Bundle.load(Path(self._client.download_artifacts(one.run, ARTIFACT, folder)))
            except BundleError:
                raise _LostError("its file is no bundle that can be read") from None
        if one.digest and bundle.digest != one.digest:
            raise _LostError("its file is another bundle than was registered")
        return bundle

    def _why_lost(self, one: Registered) -> str | None:
        """Tell why a version has no bundle that can be read, and the way out; None where it has."""
        mend = "put it back with leadqual promote --repair FILE"
        if not one.digest and one.run in ("", "None"):
            return "leadqual did not register it, and it has no run; nothing needs doing"
        if not self._has_file(one):
            if not one.digest:
                return f"leadqual did not register it, and it has no file {ARTIFACT}; nothing needs doing"
            return f"its file {ARTIFACT} is gone; {mend}"
        try:
            self._fetch(one)
        except _LostError as error:
            return f"{error}; {mend}"
        return None

    def _has_file(self, one: Registered) -> bool:
        """Tell whether a version has a file; raises where the store cannot be asked."""
        from mlflow.exceptions import MlflowException

        with reached():
            try:
                listed = self._client.list_artifacts(one.run, ARTIFACT.partition("/")[0])
            except MlflowException as error:
                if error.error_code == "RESOURCE_DOES_NOT_EXIST":
                    return False
                raise
        return ARTIFACT in {str(file.path) for file in listed}

    def _keep_file(self, run: str, bundle: Bundle) -> None:
        with tempfile.TemporaryDirectory() as folder:
            bundle.save(Path(folder) / "bundle.json")
            self._client.log_artifact(run, str(Path(folder) / "bundle.json"), "bundle")

    def _replaced(self, lost: Registered, bundle: Bundle) -> Registered:
        """Register a bundle again as a new version, and let the aliases of the lost one point at it."""
        with reached():
            made = self._new_version(bundle, "repair", record_of(bundle))
            aliases = self._client.get_registered_model(self.name).aliases
            for alias, version in aliases.items():
                if int(version) == lost.version:
                    self._client.set_registered_model_alias(self.name, alias, str(made.version))
        return made

    def _new_version(self, bundle: Bundle, kind: str, record: TrainingRecord) -> Registered:
        run = self._client.create_run(self._experiment, run_name=f"{kind} {bundle.digest[:12]}")
        identity = run.info.run_id
        self._log(identity, record)
        self._keep_file(identity, bundle)
        self._client.set_terminated(identity)
        made = self._client.create_model_version(
            self.name,
            source=f"{run.info.artifact_uri}/{ARTIFACT.partition('/')[0]}",
            run_id=identity,
            tags={"digest": bundle.digest, "kind": kind},
        )
        return Registered(int(made.version), bundle.digest, identity)

    def _log(self, run: str, record: TrainingRecord) -> None:
        from mlflow.entities import Metric, Param

        parameters = [
            Param(_NOT_A_NAME.sub("_", key), str(value)[:_MAX_LENGTH]) for key, value in record.parameters.items()
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


class _LostError(Exception):
    """A version whose file is there, and is not the bundle that was registered."""
