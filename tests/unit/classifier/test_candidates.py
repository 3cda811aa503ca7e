import pytest

from routelab.classifier import LOCAL, check_local, is_local
from routelab.errors import UserError
from routelab.records import Candidate


def test_local_candidates_are_told_by_their_name() -> None:
    assert is_local(LOCAL)
    assert not is_local(Candidate("vendor/local"))
    assert not is_local(Candidate("localhost/model"))


def test_only_the_local_classifier_there_is_can_be_asked_for() -> None:
    check_local([LOCAL, Candidate("vendor/model", "high")])
    for name in ("local/bert", "local/tfidf@high"):
        with pytest.raises(UserError, match=name):
            check_local([Candidate.parse(name)])
