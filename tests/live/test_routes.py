"""The WebSocket of a run: who may open it, and what comes back."""

import contextlib
import json
from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

import live.server.hub
from live.protocol import MAX_COMMAND, unpack
from live.server import Hub, lifespan, mint, routes
from live.server.routes import FULL, REFUSED, read_command
from tests.live.runs import spec

HERE = {"origin": "http://testserver"}


@pytest.fixture(scope="module")
def server() -> Iterator[TestClient]:
    hub = Hub()
    with TestClient(Starlette(routes=routes(hub, "/lab"), lifespan=lifespan(hub))) as client:
        yield client


@contextlib.contextmanager
def opened(server: TestClient, run: str, headers: dict | None = None):
    with server.websocket_connect(f"/lab/run/{run}", headers=HERE if headers is None else headers) as socket:
        yield socket


def receive(socket) -> tuple[dict, dict]:
    header, arrays = unpack(socket.receive_bytes())
    if header["type"] == "frame":
        socket.send_text('{"op": "credit"}')
    return header, arrays


def test_a_page_gets_a_scene_after_its_spec_and_frames_behind_it(server):
    with opened(server, mint()) as socket:
        socket.send_json({"op": "spec", "spec": spec()})
        header, arrays = receive(socket)
        assert header["type"] == "scene"
        assert header["spec"]["data"]["kind"] == "xor"
        assert arrays["points.train"].shape[1] == 3
        socket.send_json({"op": "watch", "views": ["boundary"]})
        socket.send_json({"op": "step", "count": 7})
        while header.get("step") != 7:
            header, arrays = receive(socket)
        assert "boundary" in arrays


@pytest.mark.parametrize(
    "forge",
    [
        lambda run: "0" * 64,
        lambda run: run[:-1],
        lambda run: run + "0",
        lambda run: "x",
        lambda run: run[:-1] + ("0" if run[-1] != "0" else "1"),
        lambda run: run[::-1],
    ],
    ids=["made up", "short", "long", "tiny", "one digit off", "backwards"],
)
def test_an_id_that_was_not_minted_here_is_refused(server, forge):
    with pytest.raises(WebSocketDisconnect) as closed, opened(server, forge(mint())):
        pass
    assert closed.value.code == REFUSED


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "http://elsewhere.example"},
        {"origin": "null"},
        {"origin": ""},
        {"origin": "http://testserver.elsewhere.example"},
        {"origin": "http://testserver:81"},
        {"origin": "http://user@testserver"},
    ],
)
def test_a_foreign_page_is_refused(server, headers):
    with pytest.raises(WebSocketDisconnect) as closed, opened(server, mint(), headers):
        pass
    assert closed.value.code == REFUSED


def test_a_server_that_is_full_says_so(server, monkeypatch):
    monkeypatch.setattr(live.server.hub, "MOST_RUNS", 0)
    with opened(server, mint()) as socket, pytest.raises(WebSocketDisconnect) as closed:
        socket.receive_bytes()
    assert closed.value.code == FULL


def test_nonsense_on_the_wire_is_passed_over(server):
    with opened(server, mint()) as socket:
        for text in (
            "",
            "{",
            "[]",
            "3",
            '"x"',
            "null",
            "[" * 5_000,
            '{"op": "set", "path": 3}',
            "x" * (MAX_COMMAND + 1),
            '{"op": "step", "count": NaN}',
            '{"op": "speed", "steps": 1e999}',
            json.dumps({"op": "attach"}),
        ):
            socket.send_text(text)
        socket.send_json({"op": "spec", "spec": spec()})
        header, _ = receive(socket)
        while header["type"] != "scene":
            header, _ = receive(socket)


def test_bytes_instead_of_text_close_the_page_s_end_and_leave_the_run(server):
    run = mint()
    with opened(server, run) as socket:
        socket.send_bytes(b"\0" * 10)
    with opened(server, run) as socket:
        socket.send_json({"op": "spec", "spec": spec()})
        assert receive(socket)[0]["type"] in ("scene", "frame")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"op": "play"}', {"op": "play"}),
        ('{"op": "attach"}', None),
        ('{"op": "detach"}', None),
        ("[1]", None),
        ("{", None),
        ("", None),
        ("[" * 100_000, None),
        ('{"a": "' + "x" * MAX_COMMAND + '"}', None),
    ],
    ids=str,
)
def test_a_command_is_an_object_of_bounded_size(text, found):
    assert read_command(text) == found
