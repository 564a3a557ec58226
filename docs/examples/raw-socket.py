"""Two people talk over the raw WebSocket, and one of them misses nothing while away.

Run it beside a server in demo mode, with the package `websockets` (Debian: python3-websockets):

    python3 docs/examples/raw-socket.py
"""

import asyncio
import json
import os
import urllib.request
import uuid

import websockets

URL = os.environ.get("PARLEY_URL", "http://localhost:4000")
ROOM = 1
PATIENCE_S = 20


def log_in(user_id):
    """A token for somebody of the demo. Your own product has its own way."""
    body = json.dumps({"user_id": user_id}).encode()
    request = urllib.request.Request(f"{URL}/demo/login", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)["token"]


def dial(query=""):
    # Tokens are never part of an address: addresses are logged.
    return websockets.connect(f"{URL.replace('http', 'ws', 1)}/ws/chat/{ROOM}/{query}")


async def say(socket, **frame):
    await socket.send(json.dumps(frame))


async def hear(socket, wanted, is_it=lambda frame: True):
    """The next frame of a type; what comes before it is left aside."""
    while True:
        frame = json.loads(await asyncio.wait_for(socket.recv(), PATIENCE_S))
        if frame["type"] == "error":
            raise RuntimeError(f"{frame['code']}: {frame['detail']}")
        if frame["type"] == wanted and is_it(frame):
            return frame


async def converse():
    john, jane = log_in(1), log_in(2)
    async with dial() as of_john:
        await say(of_john, type="authenticate", token=john)
        await hear(of_john, "authenticated")

        # Jane wants to resume later, so she begins with an empty `after`.
        async with dial("?after=") as of_jane:
            await say(of_jane, type="authenticate", token=jane)
            ready = await hear(of_jane, "ready")
            await say(of_jane, type="typing", is_typing=True)
            typing = await hear(of_john, "user_typing", lambda frame: frame["is_typing"])
            print(f"{typing['username']} is typing")

            # A key makes a send that is sent again one message.
            key = str(uuid.uuid4())
            for _attempt in range(2):
                await say(of_john, type="message_send", content="Hello from Python", client_mutation_id=key)
            sent = await hear(of_john, "message_new", lambda frame: frame.get("client_mutation_id") == key)
            again = await hear(of_john, "message_new", lambda frame: frame.get("client_mutation_id") == key)
            assert sent["message"]["id"] == again["message"]["id"]

            heard = await hear(of_jane, "message_new", lambda frame: frame["message"]["id"] == sent["message"]["id"])
            print(f"{heard['message']['user']['display_name']}: {heard['message']['content']}")
            # The point to resume from is the frame that was handled last, never how far the room is.
            handled = heard["seq"]

        # Jane is away.
        missed = ["One", "Two", "Three"]
        for content in missed:
            await say(of_john, type="message_send", content=content)

        async with dial(f"?after={handled}&epoch={ready['epoch']}") as of_jane:
            await say(of_jane, type="authenticate", token=jane)
            assert (await hear(of_jane, "ready"))["after"] == handled
            for content in missed:
                frame = await hear(of_jane, "message_new")
                handled += 1
                assert (frame["seq"], frame["message"]["content"]) == (handled, content), frame
                print(f"seq {frame['seq']}: {content}")


asyncio.run(converse())
