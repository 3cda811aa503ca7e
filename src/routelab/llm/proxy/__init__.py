"""The endpoint proxy: throwaway tokens, one model, every call counted, the real key kept here."""

from routelab.llm.proxy.admission import Admission, Pass, ProxyCall
from routelab.llm.proxy.app import Proxy
from routelab.llm.proxy.serving import serving

__all__ = ["Admission", "Pass", "Proxy", "ProxyCall", "serving"]
