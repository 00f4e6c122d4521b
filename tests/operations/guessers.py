"""People who guess passwords, as a program of its own.

``python -m tests.operations.guessers HOST PORT COUNT`` runs beside the process that measures, so that what is
measured is the server. It says what it was answered, a line a second, until it is ended.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from contextlib import suppress

ADDRESSES = 4
"""The guessers come from so many places."""


def request_of(number: int) -> bytes:
    """A log-in of nobody."""
    body = json.dumps({"email": f"nobody{number}@example.com", "password": "not the password"}).encode()
    head = (
        "POST /auth/login HTTP/1.1\r\nHost: studio\r\nConnection: close\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        f"X-Forwarded-For: 203.0.113.{number % ADDRESSES}\r\n\r\n"
    )
    return head.encode() + body


async def guess(host: str, port: int, number: int, answers: Counter[str]) -> None:
    """Log in again and again, at once after each answer."""
    request = request_of(number)
    while True:
        with suppress(OSError):
            reader, writer = await asyncio.open_connection(host, port)
            writer.write(request)
            head = await reader.read()
            answers[head[9:12].decode() or "none"] += 1
            writer.close()


async def main(host: str, port: int, count: int) -> None:
    """Let all of them guess."""
    answers: Counter[str] = Counter()
    for number in range(count):
        answers_of = guess(host, port, number, answers)
        asyncio.get_running_loop().create_task(answers_of)
    while True:
        await asyncio.sleep(1)
        sys.stdout.write(json.dumps(answers) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
