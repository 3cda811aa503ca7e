import socket

from tests.unit.cli.conftest import Routelab


def test_an_address_that_is_taken_is_one_sentence(routelab: Routelab) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        refused = routelab("serve", "--port", str(listener.getsockname()[1]))
    assert refused.code == 2
    assert refused.err.startswith("routelab: cannot listen on 127.0.0.1:")
    assert refused.err.count("\n") == 1
