"""Benchmark runs: planning, executing, resuming and summarising them."""

from routelab.bench.identity import engine_identity
from routelab.bench.plan import shard_count
from routelab.bench.results import run_attempts, run_outcomes
from routelab.bench.run import Bench, Progress
from routelab.bench.summarise import summarise

__all__ = ["Bench", "Progress", "engine_identity", "run_attempts", "run_outcomes", "shard_count", "summarise"]
