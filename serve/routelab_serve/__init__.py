"""The shim: answers `POST /decide` from the published routing table."""
