"""A table from another shim, over HTTP."""

import re

import httpx
import msgspec

from routelab.errors import ConfigError
from routelab.records import Publication, RoutingTable
from routelab.table import load_published, load_table
from routelab.table_sources.source import MAX_TABLE_BYTES, Published, SourceFailed, SourceKind

_TIMEOUT_S = 5.0
_VERSION = re.compile(r"[A-Za-z0-9_.-]{1,64}")


class HttpSource:
    """The shim at a base URL, asked with a bearer key (None: without one).

    What is unchanged is not sent again (ETag). Raises ConfigError for a URL that is none, or holds a
    password.
    """

    kind: SourceKind = "shim"

    def __init__(self, base_url: str, *, api_key: str | None = None) -> None:
        self._base = _checked(base_url)
        self._headers = {} if api_key is None else {"authorization": f"Bearer {api_key}"}
        self._etag: str | None = None
        self._last = Published(None)

    def read(self) -> Published:
        """The table that the other shim serves and the classifier it was told of; no table when it has none."""
        known = {} if self._etag is None else {"if-none-match": self._etag}
        answer = self._get("routing-table", known)
        if answer.status_code == httpx.codes.NOT_MODIFIED:
            return self._last
        if answer.status_code == httpx.codes.NOT_FOUND:
            return Published(None, self._last.winner)  # a shim without a table tells nothing of the classifier
        document = self._content(answer)
        self._last = Published(*load_published(document, origin=f"the table of the shim {self._base}"))
        self._etag = answer.headers.get("etag")
        return self._last

    def history(self) -> list[Publication] | None:
        """The other shim's history; None where it knows none."""
        answer = self._get("routing-table/history")
        if answer.status_code == httpx.codes.NOT_FOUND:
            return None
        try:
            return msgspec.json.decode(self._content(answer), type=list[Publication])
        except (msgspec.MsgspecError, ValueError) as error:
            raise SourceFailed(f"the shim {self._base} sent no history: {error}") from error

    def version(self, version: str) -> RoutingTable | None:
        """A version the other shim knows."""
        if not _VERSION.fullmatch(version):
            return None
        answer = self._get(f"routing-table/{version}")
        if answer.status_code == httpx.codes.NOT_FOUND:
            return None
        return load_table(self._content(answer), origin=f"table {version} of the shim {self._base}")

    def stamp(self) -> None:
        """Asking costs as much as reading."""
        return

    def _get(self, path: str, headers: dict[str, str] | None = None) -> httpx.Response:
        """The answer with its body, at most MAX_TABLE_BYTES of it; SourceFailed when there is none."""
        url = self._base.copy_with(path=f"{self._base.path.rstrip('/')}/{path}")
        try:
            with (
                httpx.Client(timeout=_TIMEOUT_S, trust_env=False) as client,
                client.stream("GET", url, headers=self._headers | (headers or {})) as answer,
            ):
                body = bytearray()
                for chunk in answer.iter_bytes():
                    body += chunk
                    if len(body) > MAX_TABLE_BYTES:
                        raise SourceFailed(f"the shim {self._base} sent more than {MAX_TABLE_BYTES} bytes")
        except httpx.HTTPError as error:
            raise SourceFailed(f"the shim {self._base} did not answer: {type(error).__name__}") from error
        kept = {name: value for name, value in answer.headers.items() if name == "etag"}
        return httpx.Response(answer.status_code, headers=kept, content=bytes(body))

    def _content(self, answer: httpx.Response) -> bytes:
        if answer.status_code != httpx.codes.OK:
            raise SourceFailed(f"the shim {self._base} answered with status {answer.status_code}")
        return answer.content


def _checked(base_url: str) -> httpx.URL:
    try:
        url = httpx.URL(base_url)
    except httpx.InvalidURL as error:
        raise ConfigError(f"the URL of the other shim is none: {error}") from error
    if url.scheme not in ("http", "https") or not url.host:
        raise ConfigError("the URL of the other shim must begin with http:// or https:// and name a host")
    if url.userinfo:
        raise ConfigError("the URL of the other shim holds a password; secrets belong into the environment only")
    return url
