"""fercore in the browser: `streamlit run app.py`."""

import streamlit as st
from starlette.middleware import Middleware
from streamlit.runtime.pages_manager import PagesManager

from fercore.routes import mounted
from fercore.ui.shell.access import Access
from fercore.ui.shell.preload import shared_store, warmed

# Streamlit finds this object before it serves the first request, and imports this file for it. Until its
# first `st.navigation`, it would take the folder `pages` for the page list and answer a deep link with
# "Page not found": say beforehand that it is not.
routes = mounted(st.get_option("server.baseUrlPath") or "", shared_store)
app = st.App(__file__, lifespan=warmed, middleware=[Middleware(Access)], routes=routes)
PagesManager.uses_pages_directory = False

if __name__ == "__main__":
    from fercore.ui.shell.navigation import ICON, go_to, open_app
    from fercore.ui.shell.session import calm

    # Without an icon of its own, a page would fetch that of the page list from a server in the internet.
    st.set_page_config(page_title="fercore", page_icon=ICON, layout="wide")
    with calm():
        go_to(open_app())
