"""The domain's types: frozen, checked where they are decoded, plain to read."""

from routelab.records.cases import (
    AllOf,
    Check,
    ClassifierCase,
    CommandCheck,
    ContainsAll,
    DeciderCase,
    Exact,
    FilesCheck,
    JsonEqual,
    Proof,
    Regex,
    Solution,
)
from routelab.records.completions import Completion, ToolCall, well_formed
from routelab.records.decisions import Constraints, Decision, Policy, PoolEntry, ShadowContext
from routelab.records.models import Candidate, Capabilities
from routelab.records.requests import GRADED_FIELDS, Classification, NormalisedRequest
from routelab.records.results import UNKNOWN_COST, Attempt, Summary, Usage
from routelab.records.runs import (
    ClassifierWinner,
    Engine,
    LaneFailure,
    Owner,
    Run,
    RunCandidate,
    Snapshot,
)
from routelab.records.tables import Evidence, Publication, RoutingTable, TableCandidate

__all__ = [
    "GRADED_FIELDS",
    "UNKNOWN_COST",
    "AllOf",
    "Attempt",
    "Candidate",
    "Capabilities",
    "Check",
    "Classification",
    "ClassifierCase",
    "ClassifierWinner",
    "CommandCheck",
    "Completion",
    "Constraints",
    "ContainsAll",
    "DeciderCase",
    "Decision",
    "Engine",
    "Evidence",
    "Exact",
    "FilesCheck",
    "JsonEqual",
    "LaneFailure",
    "NormalisedRequest",
    "Owner",
    "Policy",
    "PoolEntry",
    "Proof",
    "Publication",
    "Regex",
    "RoutingTable",
    "Run",
    "RunCandidate",
    "ShadowContext",
    "Snapshot",
    "Solution",
    "Summary",
    "TableCandidate",
    "ToolCall",
    "Usage",
    "well_formed",
]
