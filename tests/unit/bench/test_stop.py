import asyncio
import time

from routelab.bench.stop import Stop


async def test_the_first_reason_counts_and_everybody_who_waits_is_told() -> None:
    stop = Stop()
    waiting = asyncio.create_task(stop.asked())
    pausing = asyncio.create_task(stop.pause(60))
    await asyncio.sleep(0.01)
    assert (stop.reason, waiting.done(), pausing.done()) == (None, False, False)
    stop.ask("first")
    stop.ask("second")
    await asyncio.wait_for(asyncio.gather(waiting, pausing), 2)
    assert stop.reason == "first"


async def test_a_pause_is_a_pause() -> None:
    began = time.monotonic()
    await Stop().pause(0.05)
    assert time.monotonic() - began >= 0.05
