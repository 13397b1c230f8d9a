// A clip of up to a minute from the camera, which is asked for when somebody wants to record and let go right after.

const KINDS = ["video/webm;codecs=vp8", "video/webm", "video/mp4"];
const BITS = 1500000; // in a second: ten megabytes a minute
const LOOK = { video: { width: { ideal: 640 }, height: { ideal: 480 }, facingMode: "user" }, audio: false };

class Recording {
  constructor(root, tell) {
    this.tell = tell;
    this.button = made("button", "fci-button");
    this.button.type = "button";
    this.button.dataset.testid = "record";
    this.button.addEventListener("click", () => (this.recorder ? this.stop() : this.begin()));
    this.view = made("video", "fci-view");
    this.view.muted = this.view.playsInline = this.view.autoplay = true;
    this.view.hidden = true;
    this.clock = made("span", "fci-hint");
    const line = made("div", "fci-line");
    line.append(this.view);
    root.append(this.button, this.clock, line);
  }

  update({ words, uploader, seconds }) {
    this.words = words;
    this.uploader = uploader;
    this.most = seconds;
    this.button.textContent = this.recorder ? words.stop : words.record;
    this.view.setAttribute("aria-label", words.view);
    if (!this.recorder) this.clock.textContent = words.recordHint;
  }

  async begin() {
    const kind = KINDS.find((each) => window.MediaRecorder?.isTypeSupported(each));
    if (!kind || !navigator.mediaDevices) return this.tell(this.words.cannot);
    this.tell("");
    this.button.disabled = true;
    try {
      this.stream = await navigator.mediaDevices.getUserMedia(LOOK);
    } catch {
      this.stream = null;
    }
    this.button.disabled = false;
    if (!this.stream) return this.tell(this.words.noCamera);
    if (this.ended) return this.release(); // the page was left meanwhile
    this.record(kind);
  }

  record(kind) {
    this.view.srcObject = this.stream;
    this.view.hidden = false;
    const parts = [];
    this.recorder = new MediaRecorder(this.stream, { mimeType: kind, videoBitsPerSecond: BITS });
    this.recorder.addEventListener("dataavailable", ({ data }) => data.size && parts.push(data));
    this.recorder.addEventListener("stop", () => this.done(parts, kind));
    this.recorder.start(1000);
    this.began = performance.now();
    this.timer = setInterval(() => this.tick(), 250);
    this.button.textContent = this.words.stop;
    this.tick();
  }

  tick() {
    const passed = (performance.now() - this.began) / 1000;
    this.clock.textContent = this.words.clock.replace("{seconds}", Math.floor(passed)).replace("{most}", this.most);
    if (passed >= this.most) this.stop();
  }

  stop() {
    if (this.recorder?.state === "recording") this.recorder.stop();
  }

  done(parts, kind) {
    this.release();
    if (this.ended) return;
    this.button.textContent = this.words.record;
    this.clock.textContent = this.words.recordHint;
    const type = kind.split(";")[0];
    const file = new File(parts, `clip.${type.split("/")[1]}`, { type });
    this.tell(hand([file], this.uploader) ? this.words.recorded : this.words.unready);
  }

  release() {
    clearInterval(this.timer);
    this.stream?.getTracks().forEach((track) => track.stop());
    this.stream = this.recorder = null;
    this.view.srcObject = null;
    this.view.hidden = true;
  }

  end() {
    this.ended = true;
    this.stop();
    this.release();
  }
}
