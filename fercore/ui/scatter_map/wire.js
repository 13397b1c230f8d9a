// Requests to the server beside the page, and the scripts that draw.

class Refused extends Error {}
class NoWebGL extends Error {}

class Wire {
  constructor(root, key, token) {
    Object.assign(this, { root, key, token });
  }

  async ask(path, more = {}) {
    const answer = await fetch(`${this.root}fercore/maps/${this.key}/${path}`, {
      ...more,
      credentials: "same-origin",
      headers: { "X-Fercore-Token": this.token, ...more.headers },
    });
    if (!answer.ok) throw new Refused(String(answer.status));
    return answer;
  }

  async points() {
    const values = new Float32Array(await (await this.ask("points")).arrayBuffer());
    const count = values.length / 2;
    return { x: values.subarray(0, count), y: values.subarray(count) };
  }

  async column(name, run) {
    const asked = run === null ? "" : `?run=${run}`;
    return parsedColumn(new Uint8Array(await (await this.ask(`columns/${name}${asked}`)).arrayBuffer()));
  }

  async face(place) {
    return (await this.ask(`faces/${place}`)).json();
  }

  async select(wanted) {
    const headers = { "Content-Type": "application/json" };
    return (await this.ask("selections", { method: "POST", body: JSON.stringify(wanted), headers })).json();
  }
}

function loadedScript(address, integrity) {
  return new Promise((done, failed) => {
    const script = document.createElement("script");
    Object.assign(script, { src: address, integrity, crossOrigin: "anonymous", onload: done });
    script.onerror = () => {
      script.remove();
      failed(new TypeError(address));
    };
    document.head.append(script);
  });
}

// The plot's own script finds the two that it needs under these names. All are loaded once for a tab.
async function loadedPlot(root, scripts) {
  const place = (name) => `${root}fercore/vendor/${scripts[name].file}`;
  if (!window.createREGL) await loadedScript(place("regl"), scripts.regl.integrity);
  window.createPubSub ??= (await import(new URL(place("pubSub"), location.href).href)).default;
  if (!window.createScatterplot) await loadedScript(place("plot"), scripts.plot.integrity);
  return window.createScatterplot.default ?? window.createScatterplot;
}

function hasWebGL() {
  const probe = document.createElement("canvas").getContext("webgl");
  probe?.getExtension("WEBGL_lose_context")?.loseContext();
  return Boolean(probe);
}
