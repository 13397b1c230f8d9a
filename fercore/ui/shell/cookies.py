"""Services of the browser, by a component that shows nothing: two cookies, the language, the focus."""

from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import unquote

import streamlit as st

PREFIX: Final = "fercore_"
_SCRIPT: Final = """
// A button is out of use while its file is made, and drops the keyboard's focus: Escape would not close its dialog.
const watched = new WeakSet();

function keepFocus(event) {
  const button = event.target.closest?.("[data-testid=stDownloadButton] button");
  if (!button || watched.has(button)) return;
  watched.add(button);
  let had = false;
  const watch = () => {
    const dialog = button.closest("[role=dialog]");
    const at = document.activeElement;
    if (button.disabled) {
      had = at === button || at === document.body;
      if (had) dialog?.focus();
    } else if (had && (at === document.body || at === dialog)) button.focus();
  };
  new MutationObserver(watch).observe(button, { attributes: true, attributeFilter: ["disabled"] });
}

export default function ({ data }) {
  if (!window.fercoreKeepsFocus) document.addEventListener("click", keepFocus, true);
  window.fercoreKeepsFocus = true;
  document.documentElement.lang = data.language;  // what screen readers pronounce by
  const written = (window.fercoreCookies ||= {});  // another tab may have chosen otherwise since
  for (const [name, value] of Object.entries(data.cookies)) {
    if (written[name] === value) continue;
    written[name] = value;
    document.cookie = `${name}=${encodeURIComponent(value)}; path=/; max-age=31536000; SameSite=Lax`;
  }
}"""


def remembered(name: str) -> str | None:
    """The value that this browser was told to remember on an earlier visit."""
    value = st.context.cookies.get(PREFIX + name)
    return unquote(value) if value else None


def remember(values: Mapping[str, str], language: str) -> None:
    """Let this browser remember what is new, and know the page's language; nothing is drawn where it is called."""
    sent: dict[str, str] = st.session_state.setdefault("cookies-sent", {})
    # The browser's cookies are known as they were when this tab was opened.
    sent |= {name: value for name, value in values.items() if value != sent.get(name, remembered(name))}
    cookies = {PREFIX + name: value for name, value in sent.items()}
    _component()(key="remembering", data={"cookies": cookies, "language": language})


@st.cache_resource(show_spinner=False)
def _component() -> Callable[..., Any]:
    return st.components.v2.component("fercore_remembering", js=_SCRIPT, isolate_styles=False)
