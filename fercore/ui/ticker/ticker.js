// A timer that asks for a run of its part of the page, but not while the page runs, and not right after a click or a
// step back: the server would take this page for the one that was asked for.

const HELD_MS = 3000;

function asked() {
  window.fercoreAsked = Date.now();
}

// Another page may have been asked for, or what a click began has not ended.
function busy() {
  const app = document.querySelector("[data-testid=stApp]");
  return document.hidden || app?.dataset.testScriptState !== "notRunning" || Date.now() - window.fercoreAsked < HELD_MS;
}

export default function ticker({ data, setTriggerValue, parentElement }) {
  if (window.fercoreAsked === undefined) {
    window.fercoreAsked = 0;
    for (const event of ["click", "popstate"]) window.addEventListener(event, asked, true);
  }
  const part = parentElement;
  part.fercoreTick = setTriggerValue;
  if (part.fercoreSeconds !== data.seconds) {
    clearInterval(part.fercoreTimer);
    part.fercoreSeconds = data.seconds;
    part.fercoreTimer = setInterval(() => busy() || part.fercoreTick("tick", true), data.seconds * 1000);
  }
  return () => {
    clearInterval(part.fercoreTimer);
    delete part.fercoreSeconds;
  };
}
