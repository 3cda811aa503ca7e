import socket

import pytest
from tests.unit.cli.conftest import Routelab


def test_an_address_that_is_taken_is_one_sentence(routelab: Routelab) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        refused = routelab("serve", "--port", str(port))
    assert (refused.code, refused.err) == (2, f"routelab: cannot listen on 127.0.0.1:{port}: Address already in use\n")


@pytest.mark.skipif(not socket.has_ipv6, reason="needs IPv6")
def test_an_ipv6_address_is_one_as_well(routelab: Routelab) -> None:
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as listener:
        port = listener.getsockname()[1]
        refused = routelab("serve", "--host", "::1", "--port", str(port))
    assert (refused.code, refused.err) == (2, f"routelab: cannot listen on [::1]:{port}: Address already in use\n")


@pytest.mark.parametrize("host", ["nosuch.invalid", "a..b", "x" * 300])
def test_a_host_that_is_none_is_one_sentence(routelab: Routelab, host: str) -> None:
    refused = routelab("serve", "--host", host, "--port", "0")
    assert refused.code == 2
    assert refused.err.startswith(f"routelab: cannot listen on {host}:0: ")
    assert refused.err.count("\n") == 1


@pytest.mark.parametrize("port", ["70000", "-1", "http"])
def test_a_port_that_is_none_is_the_users_mistake(routelab: Routelab, port: str) -> None:
    refused = routelab("serve", "--port", port)
    assert refused.code == 2
    assert "--port" in refused.err
    assert "Traceback" not in refused.err
