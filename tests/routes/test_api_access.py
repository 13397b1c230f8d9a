"""Requests that the API refuses: without the token, from pages of other sites, under foreign names, too many."""

import asyncio
import threading
import time

import pytest

from fercore.routes import api_limits
from fercore.routes.api_errors import ApiError
from fercore.routes.api_limits import Rate, Turns, UploadsMemory
from fercore.services.system import hosts
from fercore.settings import Settings
from fercore.store import Store
from tests.cli.test_contents import exported as exported
from tests.routes.forms import ApiClient, error_of, files
from tests.routes.test_api_predict import FACE

RUNS, CARD, DOCUMENT = "/api/v1/runs", "/api/v1/runs/1/card", "/api/v1/openapi.json"
TOKEN = "a-long-word-of-no-meaning"


def with_settings(store, **settings):
    return Store(Settings.model_validate({**store.settings.model_dump(), **settings}), store.database)


@pytest.mark.parametrize("path", [RUNS, CARD, DOCUMENT, "/api/v1/predict"])
@pytest.mark.parametrize(
    ("given", "status"),
    [
        pytest.param(None, 401, id="none"),
        pytest.param("", 401, id="an empty header"),
        pytest.param("Bearer", 401, id="no word"),
        pytest.param(f"Bearer {TOKEN}x", 401, id="too long"),
        pytest.param(f"Bearer {TOKEN[:-1]}", 401, id="too short"),
        pytest.param(f"Bearer {TOKEN.upper()}", 401, id="in capitals"),
        pytest.param("Bearer 토큰".encode().decode("latin-1"), 401, id="no ASCII"),
        pytest.param(f"Basic {TOKEN}", 401, id="another scheme"),
        pytest.param(f"Bearer {TOKEN}", 200, id="the token"),
        pytest.param(f"bearer  {TOKEN} ", 200, id="the token, written loosely"),
    ],
)
def test_a_token_is_asked_for_where_one_is_set(exported, path, given, status):
    client = ApiClient(with_settings(exported, api_token=f" {TOKEN}\n"))
    headers = {} if given is None else {"authorization": given}
    answer = client.send(files(FACE), **headers) if path.endswith("predict") else client.get(path, **headers)
    assert answer.status == status
    if status == 401:
        assert error_of(answer) == "no_token" and answer.headers["www-authenticate"].startswith("Bearer ")


def test_a_sign_of_life_needs_no_token(exported):
    assert ApiClient(with_settings(exported, api_token=TOKEN)).get("/healthz").status == 200


def test_a_token_is_not_shown_by_settings():
    settings = Settings(api_token=TOKEN)
    assert TOKEN not in repr(settings) and TOKEN not in str(settings.environment())
    with pytest.raises(ValueError, match="FERCORE_API_TOKEN has blanks"):
        Settings(api_token="two words")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({}, 200, id="a program"),
        pytest.param({"origin": "http://localhost"}, 200, id="a page of its own"),
        pytest.param({"sec-fetch-site": "same-origin"}, 200, id="a page of its own, without an origin"),
        pytest.param({"sec-fetch-site": "none"}, 200, id="the address bar"),
        pytest.param({"origin": "http://evil.example"}, 403, id="a page of another site"),
        pytest.param({"origin": "http://localhost:3000"}, 403, id="another port"),
        pytest.param({"origin": "null"}, 403, id="a file"),
        pytest.param({"origin": "http://["}, 403, id="no address"),
        pytest.param({"sec-fetch-site": "cross-site"}, 403, id="another site without an origin"),
        pytest.param({"sec-fetch-site": "same-site"}, 403, id="another port without an origin"),
        pytest.param({"host": "evil.example"}, 403, id="a foreign name, led here"),
        pytest.param({"host": "[::1"}, 403, id="no name"),
        pytest.param({"host": "[::1]:8501"}, 200, id="the loopback address"),
    ],
)
@pytest.mark.parametrize("names", [(), ("*",)])
def test_other_sites_cannot_use_it(exported, monkeypatch, headers, status, names):
    monkeypatch.setattr(hosts, "_hosts", lambda: names)
    client = ApiClient(exported)
    if names and headers.get("host", "").startswith("evil"):
        status = 200  # all names are this installation's, and the page is of none of them
    for answer in (client.send(files(FACE), **headers), client.get(RUNS, **headers)):
        assert answer.status == status
        assert "access-control-allow-origin" not in answer.headers
        assert status == 200 or error_of(answer) in ("other_site", "other_host")


@pytest.mark.parametrize(
    ("origin", "status"), [("https://faces.example.org", 200), ("https://faces.example.org.evil", 403)]
)
def test_pages_behind_a_proxy_are_its_own(exported, monkeypatch, origin, status):
    monkeypatch.setattr(hosts, "_hosts", lambda: ("*.example.org",))
    assert ApiClient(exported).get(RUNS, origin=origin).status == status


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v1/predict", 405, "method_not_allowed"),
        ("OPTIONS", "/api/v1/predict", 405, "method_not_allowed"),
        ("DELETE", RUNS, 405, "method_not_allowed"),
        ("POST", "/healthz", 405, "method_not_allowed"),
        ("GET", "/api/v1/", 404, "not_found"),
        ("GET", "/api/v1/runs/1", 404, "not_found"),
        ("GET", "/api/v1/runs/../../etc/passwd/card", 404, "not_found"),
        ("GET", "/api/v1/runs/7/card", 404, "not_found"),
        ("GET", "/api/v1/runs/seven/card", 422, "no_number"),
    ],
)
def test_addresses_that_there_are_not(exported, method, path, status, code):
    answer = ApiClient(exported).ask(method, path)
    assert (answer.status, error_of(answer)) == (status, code)


@pytest.mark.parametrize(
    ("address", "same"),
    [
        pytest.param("192.0.2.1", "192.0.2.1", id="an address"),
        pytest.param("::ffff:192.0.2.1", "192.0.2.1", id="the same in IPv6"),
        pytest.param("2001:db8::1", "2001:db8::ffff", id="a network of IPv6"),
        pytest.param("fe80::1%eth0", "fe80::2", id="a network card"),
        pytest.param("", "", id="a socket without address"),
    ],
)
def test_requests_are_counted_by_client(address, same):
    rate = Rate(60)
    for number in range(60):
        rate.count(address if number % 2 else same, 100)
    with pytest.raises(ApiError) as refused:
        rate.count(address, 100)
    assert (refused.value.status, refused.value.headers["Retry_After"]) == (429, "1")
    rate.count("198.51.100.9", 100)
    rate.count(address, 101)  # a second later there is one more
    with pytest.raises(ApiError):
        rate.count(address, 101.5)
    for _ in range(60):
        rate.count(address, 9999)


def test_a_client_that_goes_on_asking_is_answered_when_its_time_comes():
    rate, answered = Rate(60), 0
    for tenth in range(1200):  # two minutes
        try:
            rate.count("192.0.2.1", tenth / 10)
            answered += 1
        except ApiError:
            continue
    assert 60 + 118 <= answered <= 60 + 120


def test_few_clients_are_remembered(monkeypatch):
    monkeypatch.setattr(api_limits, "_MOST_CLIENTS", 5)
    rate = Rate(60)
    for number in range(99):
        rate.count(f"192.0.2.{number}", 0)
    assert len(rate._left) == 5


def test_too_many_requests_are_told_when_to_come_again(exported):
    client = ApiClient(with_settings(exported, api_rate=2))
    answers = [client.get(RUNS) for _ in range(3)]
    assert [answer.status for answer in answers] == [200, 200, 429]
    assert error_of(answers[2]) == "too_many_requests" and 0 < int(answers[2].headers["retry-after"]) <= 30
    unlimited = ApiClient(with_settings(exported, api_rate=0))
    assert {unlimited.get(RUNS).status for _ in range(9)} == {200}


def at_once(works, gone=None):
    """The results of works, each of a client of its own, with one thread for all."""

    async def run():
        turns = Turns(1, lambda: None)
        left = asyncio.get_running_loop().create_future()
        asks = [asyncio.ensure_future(turns.take(address, work, left)) for address, work in works]
        if gone is not None:
            asyncio.get_running_loop().call_later(gone, left.set_result, None)
        return await asyncio.gather(*asks, return_exceptions=True)

    return asyncio.run(run())


def test_requests_work_in_turn():
    done = []
    results = at_once([(str(number), lambda number=number: done.append(number)) for number in range(9)])
    assert done == list(range(9)) and results == [None] * 9


@pytest.mark.parametrize(
    ("addresses", "most", "of_one", "refused"),
    [
        pytest.param(["a"] * 5, 9, 3, [3, 4], id="one client's"),
        pytest.param(list("abcde"), 3, 9, [3, 4], id="all"),
        pytest.param(["a", "a", "b", "a"], 9, 2, [3], id="another client is not held up"),
    ],
)
def test_so_many_requests_wait(monkeypatch, addresses, most, of_one, refused):
    monkeypatch.setattr(api_limits, "MOST_WAITING", most)
    monkeypatch.setattr(api_limits, "MOST_WAITING_OF_ONE", of_one)
    results = at_once([(address, lambda: "done") for address in addresses])
    assert [number for number, result in enumerate(results) if isinstance(result, ApiError)] == refused
    assert {(results[number].status, results[number].code) for number in refused} == {(503, "busy")}


def test_the_work_of_a_client_that_hangs_up_does_not_begin():
    begun = []

    def long():
        begun.append(None)
        time.sleep(0.3)

    assert at_once([(str(number), long) for number in range(9)], gone=0.1) == [None] * 9
    assert len(begun) == 1


def test_memory_is_given_back():
    memory = UploadsMemory(100)
    with memory.room() as take:
        take(60)
        with pytest.raises(ApiError), memory.room() as other:
            other(30)
            other(30)
        with memory.room() as other:
            other(40)
    with memory.room() as take:
        take(100)


def test_work_is_done_beside_the_loop(exported, monkeypatch):
    from fercore.services.prediction import photos

    threads = set()
    predict = photos.predict
    monkeypatch.setattr(
        photos, "predict", lambda *given: threads.add(threading.current_thread().name) or predict(*given)
    )
    ApiClient(exported).send(files(FACE))
    assert {name.partition("_")[0] for name in threads} == {"fercore-api"}
