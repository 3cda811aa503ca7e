from datetime import date

from routelab.config import CapabilityConfig, Price
from routelab.llm.proxy.listing import model_list


def test_the_list_holds_what_agents_insist_on() -> None:
    [entry] = model_list("real/one", {}, None)["data"]
    assert (entry["id"], entry["name"], type(entry["context_length"])) == ("real/one", "real/one", int)
    assert entry["pricing"] == {"prompt": "0", "completion": "0"}
    assert entry["architecture"]["input_modalities"] == ["text"]
    assert "tools" in entry["supported_parameters"]


def test_what_is_configured_is_shown() -> None:
    known = {"real/one": CapabilityConfig(context_length=1000, input_modalities=("image", "text"))}
    price = Price(input_per_million=0.1, output_per_million=2.5, as_of=date(2026, 11, 1))
    [entry] = model_list("real/one", known, price)["data"]
    assert (entry["context_length"], entry["architecture"]["input_modalities"]) == (1000, ["text", "image"])
    assert entry["pricing"] == {"prompt": "0.0000001", "completion": "0.0000025"}
