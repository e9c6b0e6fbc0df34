"""Connections that wait for ever, or are too many, end; the others go on."""

import asyncio
import contextlib
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_network

import pytest
import uvicorn

from leadqual.web.answer_headers import HEADERS, NO_PAGE_POLICY
from leadqual.web.connections import _sender, limited_protocol


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    while scope["path"] != "/early" and (await receive()).get("more_body"):
        pass
    host = scope["client"][0].encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(host))]})
    await send({"type": "http.response.body", "body": host})


def served(act, *, seconds=1.0, most=3, together=1000, unlimited=(), proxies=()):
    """Run ``act(port)`` beside a server with these limits."""

    async def run():
        config = uvicorn.Config(
            app,
            port=0,
            http=limited_protocol(
                max_per_address=most, max_connections=together, request_seconds=seconds, unlimited=unlimited
            ),
            lifespan="off",
            log_level="critical",
            proxy_headers=bool(proxies),
            forwarded_allow_ips=list(proxies),
        )
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        try:
            return await act(server.servers[0].sockets[0].getsockname()[1])
        finally:
            for writer in OPEN:
                writer.close()
                with contextlib.suppress(OSError):
                    await writer.wait_closed()
            server.should_exit = True
            await serving

    # a browser's test in the same process has a loop of its own running
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, run()).result()


OPEN = []


@pytest.fixture(autouse=True)
def closed():
    """Forget the connections of a test; `served` has closed them."""
    OPEN.clear()


async def opened(port, said=b""):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    OPEN.append(writer)
    writer.write(said)
    await writer.drain()
    return reader, writer


async def ended(reader):
    """Tell that the other side ended the connection, however long that takes."""
    try:
        return await asyncio.wait_for(reader.read(), 60) == b""
    except ConnectionResetError:
        return True


async def answer(port, more=b""):
    reader, writer = await opened(port, b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + more + b"\r\n")
    found = await asyncio.wait_for(reader.read(), 60)
    writer.close()
    return found


@pytest.mark.parametrize(
    "said",
    [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\n", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc"],
    ids=["silent", "half a line", "half a head", "half a body"],
)
def test_a_request_that_does_not_arrive_ends_the_connection(said):
    async def act(port):
        reader, _ = await opened(port, said)
        assert await ended(reader)
        assert (await answer(port)).startswith(b"HTTP/1.1 200")

    served(act, seconds=0.2)


def test_a_client_that_dribbles_does_not_gain_time():
    async def act(port):
        reader, writer = await opened(port, b"GET / HTTP/1.1\r\nHost: x\r\n")
        over = asyncio.create_task(ended(reader))
        while not over.done():
            writer.write(b"X-More: 1\r\n")
            await asyncio.sleep(0.02)
        assert await over

    served(act, seconds=0.3)


def test_an_address_holds_so_many_connections_and_gets_them_back():
    async def act(port):
        held = [await opened(port) for _ in range(3)]
        reader, _ = await opened(port)
        assert await ended(reader)
        held[0][1].close()
        while not (await answer_or_nothing(port)).startswith(b"HTTP/1.1 200"):
            await asyncio.sleep(0.01)

    async def answer_or_nothing(port):
        try:
            return await answer(port)
        except ConnectionResetError:
            return b""

    served(act, seconds=60, most=3)


def test_a_proxy_holds_any_number_and_its_word_on_the_client_counts():
    async def act(port):
        _ = [await opened(port) for _ in range(6)]
        assert (await answer(port, b"X-Forwarded-For: 10.1.2.3\r\n")).endswith(b"10.1.2.3")

    served(act, seconds=60, most=3, unlimited=("127.0.0.1",), proxies=("127.0.0.1",))


def test_nobody_else_says_who_they_are():
    async def act(port):
        assert (await answer(port, b"X-Forwarded-For: 10.1.2.3\r\n")).endswith(b"127.0.0.1")

    served(act)
    served(act, proxies=("10.9.9.9",))


def test_all_together_hold_so_many_connections():
    async def act(port):
        _ = [await opened(port) for _ in range(2)]
        reader, _ = await opened(port)
        assert await ended(reader)

    served(act, seconds=60, most=3, together=2)


def test_the_addresses_of_one_ipv6_network_are_one_sender_and_those_of_a_proxys_network_none():
    proxies = [ip_network("10.0.0.0/8"), ip_network("fd00::/16")]
    assert (
        _sender("2001:db8::1", proxies) == _sender("2001:db8::ffff:1", proxies) != _sender("2001:db8:0:1::1", proxies)
    )
    assert _sender("::ffff:192.0.2.7", proxies) == _sender("192.0.2.7", proxies) != _sender("192.0.2.8", proxies)
    assert [_sender(one, proxies) for one in ("10.1.2.3", "::ffff:10.1.2.3", "fd00::7")] == [None] * 3


@pytest.mark.parametrize(
    "said",
    [
        b"\0\0\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    ],
    ids=["no HTTP", "no host", "a chunk without a length", "a length below 0"],
)
def test_what_is_no_http_is_answered_with_the_headers_of_every_answer(said):
    async def act(port):
        reader, _ = await opened(port, said)
        head, _, body = (await asyncio.wait_for(reader.read(), 60)).partition(b"\r\n\r\n")
        lines = head.decode().split("\r\n")
        assert lines[0] == "HTTP/1.1 400 Bad Request"
        for name, value in HEADERS.items():
            assert f"{name}: {value}" in lines
        assert f"Content-Security-Policy: {NO_PAGE_POLICY}" in lines
        assert f"Content-Length: {len(body)}" in lines

    served(act)


def test_a_body_that_breaks_after_the_answer_ends_the_connection_without_a_traceback(caplog):
    async def act(port):
        asyncio.get_running_loop().set_exception_handler(lambda _, context: failed.append(context))
        reader, writer = await opened(port, b"POST /early HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        assert b"200 OK" in await asyncio.wait_for(reader.readuntil(b"127.0.0.1"), 60)
        writer.write(b"ZZ\r\n")
        assert await ended(reader)

    failed = []
    served(act, seconds=60)
    assert failed == []
    assert "Traceback" not in caplog.text
