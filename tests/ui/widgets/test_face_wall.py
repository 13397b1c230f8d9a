"""Faces side by side as one piece of HTML."""

import pytest

from fercore.ui.widgets import face_wall
from tests.conftest import fill, noise


@pytest.mark.parametrize(("wide", "name"), [(False, '"fc-wall"'), (True, '"fc-wall fc-wide"')])
def test_a_wall_has_the_faces_that_are_there_in_their_order(monkeypatch, lite, wide, name):
    drawn = []
    monkeypatch.setattr("streamlit.html", drawn.append)
    monkeypatch.setattr(face_wall, "store", lambda: lite)
    first, second = fill(lite, "D", [3, 5])
    face_wall.wall([second, 999, first], {first: "90%"}, wide, {second: "/review?face=1&x=<"})
    [html] = drawn
    assert f"class={name}" in html and html.count("<figure") == 2
    tiles = html.split("<figure")[1:]
    assert f'data-face-id="{second}"' in tiles[0] and 'href="/review?face=1&amp;x=&lt;" aria-label=""' in tiles[0]
    assert f'data-face-id="{first}"' in tiles[1] and "<figcaption>90%</figcaption>" in tiles[1]
    assert "href" not in tiles[1] and face_wall.picture(noise(0).tobytes()) in tiles[1]
