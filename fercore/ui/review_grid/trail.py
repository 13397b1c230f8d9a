"""The pages that a reviewer was on: gone back to and forth again, each under the number it had."""

from dataclasses import dataclass, field

from fercore.services.review.grid import Page


@dataclass
class Trail:
    """Pages in the order of the visit, and the `place` of the present one.

    A number counts from the view's first page; after its last page, the first one has number 1 again.
    """

    pages: list[Page] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    place: int = 0

    @property
    def page(self) -> Page:
        """The present page."""
        return self.pages[self.place]

    @property
    def number(self) -> int:
        """The present page's number."""
        return self.numbers[self.place]

    @property
    def behind(self) -> list[Page]:
        """The pages before the present one."""
        return self.pages[: self.place]

    def lay(self, page: Page, number: int | None = None) -> None:
        """Put a page in place of the present one."""
        if not self.pages:
            self.pages, self.numbers = [page], [number or 1]
            return
        self.pages[self.place] = page
        self.numbers[self.place] = number or self.number

    def follow(self, page: Page, first: bool) -> None:
        """Go on to a new page behind the present one; `first` where the view begins again."""
        number = 1 if first else self.number + 1
        if not self.page.face_ids:
            self.lay(page, number)
            return
        self.pages.append(page)
        self.numbers.append(number)
        self.place += 1

    def back(self) -> None:
        """Go to the page before, where there is one."""
        self.place = max(self.place - 1, 0)

    def forth(self) -> bool:
        """Go to the page from which one went back; False where there is none."""
        if self.place + 1 >= len(self.pages):
            return False
        self.place += 1
        return True

    def find(self, face_ids: list[int]) -> bool:
        """Go to the nearest page with these faces, or else with some of them; False where there is none."""
        near = sorted(range(len(self.pages)), key=lambda place: (place > self.place, abs(place - self.place)))
        same = [place for place in near if self.pages[place].face_ids == face_ids]
        some = [place for place in near if not set(face_ids).isdisjoint(self.pages[place].face_ids)]
        if not some:
            return False
        self.place = (same or some)[0]
        return True

    def restart(self) -> None:
        """Forget what lies ahead: the view begins anew here."""
        del self.pages[self.place + 1 :], self.numbers[self.place + 1 :]
