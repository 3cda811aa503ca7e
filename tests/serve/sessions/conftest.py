"""What tests of sessions share."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from routelab.records import Classification
from routelab.taxonomy import Taxonomy, load_taxonomy
from routelab_serve.sessions import Conversation, continued


@pytest.fixture(scope="session")
def taxonomy() -> Taxonomy:
    return load_taxonomy(Path(__file__).parents[3] / "datasets/taxonomy/v1/taxonomy.json")


@pytest.fixture
def classification(taxonomy) -> Classification:
    return Classification(**taxonomy.fallback, confidence=0.75)


@pytest.fixture
def new_key() -> Callable[[], str]:
    return lambda: os.urandom(16).hex()


@pytest.fixture
def on() -> Callable[..., Conversation]:
    def conversation(model: str, before: Conversation | None = None) -> Conversation:
        return continued(before, model=model, variant=None, route="debugging/bug_fixing", at_s=time.time())

    return conversation
