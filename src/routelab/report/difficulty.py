"""The difficulty of cases, which is the dataset's, not the run's."""

from routelab.config import Config
from routelab.datasets import load_decider
from routelab.errors import DatasetError
from routelab.records import Engine


def difficulties(config: Config, engine: Engine) -> dict[str, str] | None:
    """The difficulty of every case of the dataset a run measured.

    None when the dataset cannot be read any more, or has changed since.
    """
    try:
        dataset = load_decider(config.dataset_path(engine.dataset))
    except DatasetError:
        return None
    if dataset.manifest.sha256 != engine.dataset_sha256:
        return None
    return {case.id: case.difficulty for case in dataset.cases}
