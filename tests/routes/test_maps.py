"""Maps over HTTP: what a token opens, and what is said without one."""

import base64
import json

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from streamlit.web.server.starlette.starlette_gzip_middleware import SelectiveGZipMiddleware

from fercore.routes import maps, mounted
from fercore.services.audit import map_access, map_view
from tests.routes.client import Client
from tests.services.audit.mapped import POINTS, known

LASSO = [[-0.6, -0.1], [0.6, -0.1], [0.6, 0.1], [-0.6, 0.1]]


@pytest.fixture(autouse=True)
def nothing_opened():
    map_view._opened.clear()
    map_access._given.clear()


@pytest.fixture
def opened(lite):
    """A map, its faces' numbers, and a client with a token for it, behind the compression that Streamlit puts there."""
    view, ids = known(lite)
    packed = Middleware(SelectiveGZipMiddleware, minimum_size=10)
    headers = {"cookie": "fercore_browser=b", "x-fercore-token": map_access.grant(view, "b")}
    client = Client(Starlette(routes=mounted(""), middleware=[packed]), headers)
    return view, ids, client, f"/fercore/maps/{view.key}"


def test_points_are_as_they_are(opened):
    _, _, client, place = opened
    answer = client.get(f"{place}/points")
    assert np.frombuffer(answer.content, "<f4").reshape(2, 5).T.tolist() == [list(point) for point in POINTS]
    assert answer.headers["content-encoding"] == "identity", "compressing a million of them would gain a twentieth"
    assert answer.headers["cache-control"] == "private, no-cache"
    again = client.get(f"{place}/points", if_none_match=answer.headers["etag"])
    assert (again.status, again.content) == (304, b"")
    assert client.get(f"{place}/points", if_none_match='"other"').status == 200


def test_columns_have_a_legend_and_a_byte_for_each_face(opened):
    _, _, client, place = opened
    answer = client.get(f"{place}/columns/emotion")
    legend, _, codes = answer.content.partition(b"\n")
    assert list(codes) == [3, 3, 5, 255, 0] and answer.headers["content-encoding"] == "gzip"
    assert [row for row in json.loads(legend) if row["count"]] == [
        {"code": 0, "key": "Angry", "count": 1},
        {"code": 3, "key": "Happy", "count": 2},
        {"code": 5, "key": "Sad", "count": 1},
        {"code": 255, "key": "none", "count": 1},
    ]


@pytest.mark.parametrize(
    ("asked", "places"),
    [
        pytest.param({"polygon": LASSO}, [1, 2, 3], id="lasso"),
        pytest.param({"column": "emotion", "codes": [3]}, [0, 1], id="entry"),
        pytest.param({"polygon": LASSO, "column": "emotion", "codes": [3], "run": None}, [1], id="both"),
        pytest.param({"column": "emotion", "codes": [999, -1]}, [], id="codes that are none"),
        pytest.param({}, [0, 1, 2, 3, 4], id="all"),
    ],
)
def test_selections(opened, asked, places):
    view, ids, client, place = opened
    answer = client.post(f"{place}/selections", asked).json()
    assert answer["count"] == len(places)
    assert [face["face"] for face in answer["faces"]] == [ids[each] for each in places]
    assert all(len(base64.b64decode(face["gray"])) == 2304 for face in answer["faces"])
    kept, chosen = map_access.selection(client.headers["x-fercore-token"], answer["selection"])
    assert kept is view and chosen.tolist() == places


def test_the_first_faces_are_spread_over_the_selection(opened, monkeypatch):
    _, ids, client, place = opened
    monkeypatch.setattr(maps, "FIRST_FACES", 3)
    faces = client.post(f"{place}/selections", {}).json()["faces"]
    assert [face["face"] for face in faces] == [ids[0], ids[2], ids[4]]


def test_one_face(opened):
    _, ids, client, place = opened
    face = client.get(f"{place}/faces/4").json()
    assert (face["face"], face["emotion"], face["split"]) == (ids[4], 0, 2)


ASKED = [("GET", "points"), ("GET", "columns/emotion"), ("GET", "faces/0"), ("POST", "selections")]


@pytest.mark.parametrize(("method", "path"), ASKED, ids=[path for _, path in ASKED])
@pytest.mark.parametrize("lacks", ["the token", "the right token", "the browser", "the right map"])
def test_without_access_there_is_no_map(opened, method, path, lacks):
    _, _, client, place = opened
    if lacks == "the token":
        del client.headers["x-fercore-token"]
    elif lacks == "the right token":
        client.headers["x-fercore-token"] = "x" * 43
    elif lacks == "the browser":
        del client.headers["cookie"]
    elif lacks == "the right map":
        place = "/fercore/maps/" + "0" * 32
    answer = client.ask(method, f"{place}/{path}", b"{}" if method == "POST" else b"")
    assert (answer.status, answer.text) == (404, "Not found")


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        pytest.param("GET", "columns/nothing", None, 404, id="unknown column"),
        pytest.param("GET", "columns/correct?run=x", None, 404, id="run that is no number"),
        pytest.param("GET", "faces/5", None, 404, id="a place beyond the last"),
        pytest.param("POST", "selections", b"{", 400, id="no JSON"),
        pytest.param("POST", "selections", b'{"polygon": [[0, 0], [1, 1]]}', 400, id="two corners"),
        pytest.param("POST", "selections", b'{"polygon": [[0, "a"], [1, 1], [1, 0]]}', 400, id="no numbers"),
        pytest.param("POST", "selections", b'{"polygon": [[0, NaN], [1, 1], [1, 0]]}', 400, id="not a number"),
        pytest.param("POST", "selections", b'{"extra": 1}', 400, id="something else"),
        pytest.param("POST", "selections", b'{"column": "nothing", "codes": [1]}', 404, id="codes of no column"),
        pytest.param("POST", "selections", b" " * 300_000, 413, id="too large"),
        pytest.param("GET", "selections", None, 405, id="another method"),
    ],
)
def test_what_is_not_understood(opened, method, path, body, status):
    _, _, client, place = opened
    answer = client.ask(method, f"{place}/{path}", body or b"")
    assert (answer.status, len(answer.text) < 30) == (status, True)


@pytest.mark.parametrize(
    ("base", "below"),
    [("", ""), ("faces", "/faces"), ("/faces/app/", "/faces/app")],
    ids=["at the root", "below a path", "with strokes around it"],
)
def test_routes_lie_below_the_path_of_the_app(base, below):
    client = Client(Starlette(routes=mounted(base)))
    answer = client.get(f"{below}/fercore/vendor/regl-2.1.1.min.js")
    assert answer.status == 200 and answer.headers["content-type"].startswith("text/javascript")
    assert "immutable" in answer.headers["cache-control"]
    assert client.get("/elsewhere/fercore/vendor/regl-2.1.1.min.js").status == 404


@pytest.mark.parametrize("name", ["VENDORED.md", "../map.js", "..\\map.js", "none.js"])
def test_nothing_but_vendored_scripts_is_given(name):
    assert Client(Starlette(routes=mounted(""))).get(f"/fercore/vendor/{name}").status == 404
