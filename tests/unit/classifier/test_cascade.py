from routelab.classifier import asks_model


def test_the_model_is_asked_below_the_threshold_only() -> None:
    assert asks_model(0.59, 0.6)
    assert not asks_model(0.6, 0.6)
    assert not asks_model(0.0, 0.0)
    assert asks_model(None, 0.0)
