"""Carries out a plan: starts requests when they are due, whatever became of those before."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any, Protocol

from service.monitoring.loadtest.plan import Plan
from service.monitoring.loadtest.result import Generator
from service.monitoring.loadtest.schedule import Call, Mix, arrivals, users
from service.monitoring.loadtest.statistics import Answered, Histogram, Measurements

_AT_ONCE = 64
"""Overdue requests that are started before answers are looked at again."""
_LAG_EVERY = 0.01


class Sends(Protocol):
    """What sends a request and says how it ended."""

    async def send(self, call: Call) -> Answered:
        """Send one request and read all of its answer."""


class Run:
    """One run of a plan; `measured` and `generator` may be read at any time."""

    def __init__(self, plan: Plan, sender: Sends, *, clock: Callable[[], float] = time.perf_counter) -> None:
        self.plan, self.sender, self.clock = plan, sender, clock
        self.measured = Measurements(plan.seconds, plan.warm_up)
        self.in_flight = 0
        self.started = 0
        self._begun = clock()
        self._lag = Histogram()
        self._cpu = 0.0
        self._ended: float | None = None
        self._requests: set[asyncio.Task[None]] = set()

    @property
    def seconds(self) -> float:
        """Seconds since the beginning, until the end once it has ended."""
        return (self.clock() if self._ended is None else self._ended) - self._begun

    async def carry_out(self, stop: asyncio.Event) -> None:
        """Run until the plan is done and its last requests are answered, or until `stop` is set.

        Requests in flight at a stop are given up: they are neither answers nor errors.
        """
        self._begun, self._cpu = self.clock(), time.process_time()
        watch = asyncio.create_task(self._watch_the_loop())
        load = asyncio.create_task(self._load())
        told = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({load, told}, return_when=asyncio.FIRST_COMPLETED)
            self._ended = min(self.clock(), self._begun + self.plan.seconds)
            self._cpu = time.process_time() - self._cpu
        finally:
            self.measured.cut_short = self.in_flight if told.done() else 0
            for task in (told, watch, load, *self._requests):
                task.cancel()
            await asyncio.gather(told, watch, load, *self._requests, return_exceptions=True)
        if not load.cancelled() and (failure := load.exception()) is not None:
            raise failure

    def generator(self) -> Generator:
        """How the generator itself fared."""
        seconds = max(self.seconds, 1e-9)
        cpu = self._cpu if self._ended is not None else time.process_time() - self._cpu
        return Generator(
            cpu_share=cpu / seconds,
            lag_p99_ms=self._lag.percentile(0.99) * 1000,
            late_p99_ms=self.measured.late.percentile(0.99) * 1000,
        )

    async def _load(self) -> None:
        await (self._open() if self.plan.model == "open" else self._closed())
        while self._requests:
            await asyncio.wait(set(self._requests))

    async def _open(self) -> None:
        mix, overdue = Mix(self.plan), 0
        for due in arrivals(self.plan):
            delay = self._begun + due - self.clock()
            overdue = 0 if delay > 0 else overdue + 1
            if delay > 0 or overdue % _AT_ONCE == 0:
                await asyncio.sleep(max(0.0, delay))
            call = mix.next()
            if len(self._requests) >= self.plan.max_in_flight:
                self.measured.dropped(call.label, due)
            else:
                self._spawn(self._one(call, due))
        await asyncio.sleep(max(0.0, self._begun + self.plan.seconds - self.clock()))

    async def _closed(self) -> None:
        staying: list[asyncio.Event] = []
        for moment, wanted in users(self.plan):
            await asyncio.sleep(max(0.0, self._begun + moment - self.clock()))
            while len(staying) > wanted:
                staying.pop().set()
            while len(staying) < wanted:
                staying.append(asyncio.Event())
                self._spawn(self._user(len(staying), staying[-1]))

    async def _user(self, number: int, leave: asyncio.Event) -> None:
        mix = Mix(self.plan, number)
        due = self.seconds
        while not leave.is_set():
            await self._one(mix.next(), due)
            due = self.seconds + mix.think()
            if due >= self.plan.seconds:
                return
            await asyncio.sleep(max(0.0, self._begun + due - self.clock()))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._requests.add(task)
        task.add_done_callback(self._requests.discard)

    async def _one(self, call: Call, due: float) -> None:
        """One request that is due now; its time runs from then, also where it is started later."""
        self.in_flight += 1
        self.started += 1
        sent = self.clock() - self._begun
        try:
            answer = await self.sender.send(call)
        finally:
            self.in_flight -= 1
        self.measured.answered(call.label, due, sent, self.clock() - self._begun, answer)

    async def _watch_the_loop(self) -> None:
        while True:
            due = self.clock() + _LAG_EVERY
            await asyncio.sleep(_LAG_EVERY)
            self._lag.add(max(0.0, self.clock() - due))
