// The grid's elements; no text from users is in it.

const SKELETON = `
  <div class="fc-bar">
    <span class="fc-place"></span>
    <span class="fc-saved" role="status"><span class="fc-dot"></span>
      <span data-testid="saved-count">0</span> <span class="fc-saved-words"></span>
      <time data-testid="saved-time" class="fc-time"></time></span>
    <span class="fc-page" data-testid="page-place"></span>
    <div class="fc-second"><span class="fc-messages"><span class="fc-outage" data-testid="outage"></span>
      <span class="fc-notice" data-testid="notice"></span></span><span class="fc-buttons"></span></div>
  </div>
  <details class="fc-refused" data-testid="refused" hidden><summary></summary><ul></ul>
    <button type="button" class="fc-button"></button></details>
  <div class="fc-legend" role="note"></div>
  <div class="fc-body">
    <div class="fc-grid" data-testid="face-grid" role="listbox" aria-multiselectable="true" tabindex="0"></div>
    <aside class="fc-aside">
      <div class="fc-pictures"><canvas class="fc-large"></canvas><img class="fc-context" hidden></div>
      <p><strong class="fc-name"></strong> <span class="fc-state"></span></p>
      <div class="fc-recut"><button type="button" class="fc-button" tabindex="-1"></button>
        <button type="button" class="fc-button" tabindex="-1"></button></div>
      <div class="fc-remarks"><div class="fc-remark-buttons">
        <button type="button" class="fc-button" tabindex="-1"></button>
        <button type="button" class="fc-button" tabindex="-1"></button></div>
        <ul class="fc-remark-text" hidden></ul></div>
      <dl class="fc-facts"></dl>
      <ol class="fc-history"></ol>
      <section class="fc-near" hidden><h4></h4><div class="fc-near-faces"></div></section>
    </aside>
  </div>
  <dialog class="fc-sheet"><strong></strong><div class="fc-sheet-keys"></div><button type="button"></button></dialog>
  <dialog class="fc-cutter"></dialog>
  <dialog class="fc-noting"></dialog>
  <p class="fc-live" aria-live="polite" data-testid="spoken"></p>`;
