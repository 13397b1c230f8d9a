"""The ground of every page: the store, the language, and calm errors."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, Final, Literal

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError
from streamlit.navigation.page import StreamlitPage

from fercore import language, logs
from fercore.errors import FercoreError, InputError, StoredDataError
from fercore.language import tr
from fercore.services.review import reviewers
from fercore.services.system.installation import Store, opened, reason
from fercore.settings import read_settings
from fercore.ui import ticker
from fercore.ui.shell.cookies import remembered
from fercore.ui.shell.text import literal

_LOG: Final = logging.getLogger(__name__)
# What becomes a message and no traceback; tests let it through, so that a fault of a page fails them.
LAST_RESORT: tuple[type[Exception], ...] = (Exception,)


@st.cache_resource(show_spinner=False)
def store() -> Store:
    """The installation, opened once for all sessions."""
    settings = read_settings()
    logs.configure(settings.log)
    return opened(settings, _LOG.warning)


# Parts of an address that hold a choice in words: Streamlit writes and reads them as they are shown.
TRANSLATED_QUERY: Final = frozenset({"state", "emotion", "order", "size"})


def reviewer() -> str:
    """The reviewer of this browser tab: the one that was chosen, or else the one that the settings name."""
    chosen = st.session_state.get("reviewer") or st.session_state.get("reviewer-here") or remembered("reviewer")
    listed = reviewers.listed(store())
    if isinstance(chosen, str) and chosen and chosen not in listed:
        chosen = reviewers.present_name(store(), chosen)  # renamed while this tab was open
    return chosen if chosen in listed else reviewers.own_name(store())


def hold_choices() -> None:
    """Keep who reviews and the language apart from their widgets, whose choices end where a button opens a page."""
    for name in ("reviewer", "language"):
        st.session_state[f"{name}-here"] = st.session_state[name]


def speak() -> None:
    """Use this tab's language in a callback, which comes before the page chooses it."""
    language.use(st.session_state.get("language") or st.session_state.get("language-here") or "en")


def leave_desk() -> None:
    """Give back what lies on this tab's review desk, if there is one."""
    desk = st.session_state.pop("desk", None)
    if desk is not None:
        desk.leave()


def choose_language() -> None:
    """Use the language of this browser tab: what was chosen here or earlier, or else what the browser prefers."""
    preferred = "ko" if (st.context.locale or "").lower().startswith("ko") else "en"
    known = st.session_state.get("language-here") or remembered("language")
    code = st.session_state.setdefault("language", known if known in language.LANGUAGES else preferred)
    language.use(code)
    before = st.session_state.get("spoken-language")
    st.session_state["spoken-language"] = code
    if before not in (None, code):
        _keep_choices()


def _keep_choices() -> None:
    """Choose everything again that is chosen: the browser knows choices by their words in the language before."""
    for key, value in list(st.session_state.items()):
        parts = value if isinstance(value, list | tuple) else [value]
        if parts and all(isinstance(part, str | int) and not isinstance(part, bool) for part in parts):
            st.session_state[key] = value


def translated_address() -> dict[str, str] | None:
    """The query of a new tab's address in the words of its language; None where it is so already."""
    if st.session_state.setdefault("address-read", False):
        return None
    st.session_state["address-read"] = True
    query = st.query_params.to_dict()
    here = {key: language.translated(value) if key in TRANSLATED_QUERY else value for key, value in query.items()}
    return here if here != query else None


def switch_page(page: str | StreamlitPage, **query: str) -> None:
    """Go to another page with this query in its address.

    Streamlit refuses to empty an address to which widgets of the present page are bound; a new query, even an empty
    one, takes its place without a word.
    """
    st.switch_page(page, query_params=query)


def fragment(part: Callable[..., None], *arguments: Any, run_every: float | None = None) -> None:
    """Draw a part of a page that runs again alone, if asked for every so many seconds; like a whole run, it first
    chooses the language.
    """
    name = f"{part.__module__}.{part.__qualname__}"

    def ticking(*values: Any) -> None:
        if run_every is not None:
            ticker.every(run_every, name)
        part(*values)

    st.fragment(_spoken(wraps(part)(ticking)))(*arguments)


def dialog(
    title: str,
    part: Callable[..., None],
    *arguments: Any,
    on_dismiss: Callable[[], None] | None = None,
    is_wide: bool = False,
) -> None:
    """Open a dialog, a wide one for tables; like every fragment, it first chooses the language."""
    width: Literal["large", "small"] = "large" if is_wide else "small"
    st.dialog(title, width=width, on_dismiss=on_dismiss or "ignore")(_spoken(part))(*arguments)


def _spoken(part: Callable[..., None]) -> Callable[..., None]:
    @wraps(part)
    def spoken(*arguments: Any) -> None:
        choose_language()
        with calm():
            part(*arguments)

    return spoken


@contextmanager
def shown_errors() -> Iterator[None]:
    """Foreseen failures become a calm message instead of a traceback."""
    try:
        yield
    except InputError as error:
        st.warning(literal(error), icon=":material/warning:")
    except FercoreError as error:
        st.error(literal(error), icon=":material/error:")


@contextmanager
def calm() -> Iterator[None]:
    """For a whole page: a setting that cannot be used, a database that is away, and whatever nobody foresaw, is a
    message, too; the log of the server has the rest."""
    with shown_errors():
        try:
            yield
        except SQLAlchemyError as error:
            _LOG.warning("The database could not be used", exc_info=error)
            raise StoredDataError(
                tr(
                    "The database does not answer ({why}). What was saved is kept: load the page again later.",
                    why=reason(error),
                )
            ) from error
        except LAST_RESORT as error:
            _LOG.exception("A page could not be shown")
            st.error(
                tr(
                    "This part of the page could not be shown: a fault of fercore itself ({why}). "
                    "The log of the server says more; nothing that was saved is lost.",
                    why=type(error).__name__,
                ),
                icon=":material/error:",
            )
