"""Requests for faces of a map; apart from the routes, since an app's start does not wait for pydantic."""

from typing import Final

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat

MOST_CORNERS: Final = 2000


class Selection(BaseModel):
    """A request for faces: inside of corners from -1 to 1, and of entries of a column; None for all."""

    model_config = ConfigDict(extra="forbid")

    polygon: list[tuple[FiniteFloat, FiniteFloat]] | None = Field(default=None, min_length=3, max_length=MOST_CORNERS)
    column: str | None = None
    run: int | None = None
    codes: list[int] | None = Field(default=None, max_length=256)
