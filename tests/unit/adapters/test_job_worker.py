"""Ending what runs beside the jobs."""

from __future__ import annotations

import asyncio

from zou_server.adapters.job_worker import end_task


def test_a_task_that_takes_its_cancellation_for_an_error_is_ended_anyway() -> None:
    heard: list[int] = []

    async def goes_on() -> None:
        while True:
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                if heard:
                    raise
                heard.append(1)

    async def run() -> bool:
        task = asyncio.create_task(goes_on())
        await asyncio.sleep(0)
        await asyncio.wait_for(end_task(task), 10)
        return task.cancelled()

    assert asyncio.run(run())
    assert heard == [1]
