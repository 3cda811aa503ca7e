"""`routelab agent`: one prompt through an agent, to see what happens."""

import asyncio
import secrets
from typing import Annotated, Any

import typer

from routelab.cli.common import ConfigOption, JsonOption, print_json, quiet_logs
from routelab.config import Config, configured
from routelab.errors import UserError
from routelab.records import Candidate
from routelab.settings import Settings

app = typer.Typer(help="Agents in their containers.", no_args_is_help=True)


@app.command("run")
def run(
    prompt: Annotated[str, typer.Argument(help="What to ask.")],
    model: Annotated[str, typer.Option("--model", help="The candidate, `model` or `model@variant`.")],
    agent: Annotated[str, typer.Option("--agent", help="The agent; default: the configured one.")] = "",
    timeout_s: Annotated[float, typer.Option("--timeout", min=1, help="Seconds.")] = 180.0,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Run one prompt; prints the result, the raw events, the proxy's log and the container's limits.

    Example: `routelab agent run --agent kilo --model sim/atlas-large "Say hello."`
    """
    from routelab.cli.transcript import print_calls, print_transcript

    quiet_logs()
    settings = Settings()
    settled = configured(settings, config)
    result, limits = asyncio.run(_run(settled, settings, agent or settled.decider.agent, model, prompt, timeout_s))
    events = [settings.redact(line) for line in result.events]
    if as_json:
        print_json({"result": {**_fields(result), "events": events, "calls": result.calls}, "container": limits})
        return
    for name, value in _fields(result).items():
        typer.echo(f"{name}: {value}")
    typer.echo("\nraw events")
    for line in events:
        typer.echo(line)
    typer.echo("\ntranscript")
    print_transcript(agent or settled.decider.agent, "\n".join(events))
    typer.echo("\ncalls that the proxy saw")
    print_calls(result.calls)
    typer.echo("\ncontainer")
    for name, value in limits.items():
        typer.echo(f"{name}: {value}")


async def _run(
    config: Config, settings: Settings, agent: str, model: str, prompt: str, timeout_s: float
) -> tuple[Any, dict[str, Any]]:
    from routelab.agents import PROGRAMS, AgentTask, run_uniformly
    from routelab.bench.containers import containers
    from routelab.bench.equipment import find
    from routelab.bench.snapshot import with_capabilities
    from routelab.llm import EndpointClient, MoneyLimit, known_capabilities

    if agent not in PROGRAMS:
        raise UserError(f"there is no agent {agent} for containers; there are {', '.join(PROGRAMS)}")
    try:
        candidate = Candidate.parse(model)
    except ValueError as error:
        raise UserError(f"--model: {error}") from error
    image = await find(agent)
    run_id = f"agent-{secrets.token_hex(4)}"
    task = AgentTask(
        run_id=run_id,
        case_id="prompt",
        candidate=candidate,
        repetition=1,
        system_prompt=None,
        prompt=prompt,
        timeout_s=timeout_s,
    )
    key = settings.api_key.get_secret_value() if settings.api_key else None
    limit = MoneyLimit(config.limits.max_cost_usd)
    async with EndpointClient(config.endpoint, api_key=key, limit=limit) as client:
        known = known_capabilities(config.capabilities, await client.models() or {})
        told = with_capabilities(config, known, [candidate.model])
        async with containers(told, settings, client, agent=agent, image=image, run_id=run_id) as ready:
            sandbox = ready.sandbox("one prompt")
            try:
                await sandbox.start()
                await ready.agent.prepare(sandbox)
                await sandbox.reset(None)
                limits = await sandbox.described()
                return await run_uniformly(ready.agent, task, sandbox), limits
            finally:
                await sandbox.close()


def _fields(result: Any) -> dict[str, Any]:
    usage = result.usage
    return {
        "final text": result.final_text,
        "finish reason": result.finish_reason,
        "exit code": result.exit_code,
        "timed out": result.timed_out,
        "error": None if result.error is None else f"{result.error.kind}: {result.error}",
        "tokens in": usage.prompt_tokens,
        "tokens out": usage.completion_tokens,
        "cost_usd as billed": usage.cost_usd,
        "cost_usd as the agent says": result.agent_cost_usd,
        "container": result.container,
    }
