// Decisions: drawn and handed to the outbox at once; undo is an event of its own.

const NOT_SURE = "not sure"; // as the server knows it

class Decisions {
  constructor(grid) {
    this.grid = grid;
    this.actions = [];
    this.rejecting = false;
  }

  // A page begins.
  begin() {
    this.actions = [];
    this.rejecting = false;
    this.grid.legend.draw(false);
  }

  setRejecting(on) {
    if (this.rejecting === on || (on && this.grid.selection.done)) return;
    this.rejecting = on;
    this.grid.legend.draw(on);
    if (on) this.grid.status.announce(this.grid.words.why);
  }

  digit(number) {
    const { words, selection } = this.grid;
    const notSure = number === words.emotions.length;
    if (selection.done && !selection.chosen.size) {
      selection.tellRest();
      return;
    }
    if (this.rejecting) {
      if (notSure) return;
      this.setRejecting(false);
      this.decide({ emotion: null, reason: Object.keys(words.reasons)[number] });
    } else if (notSure) {
      this.decide({ emotion: null, reason: NOT_SURE });
    } else {
      this.decide({ emotion: number, reason: null });
    }
  }

  decide(wish) {
    const { selection } = this.grid;
    const targets = selection.targets();
    this.apply(targets.map((index) => ({ index, ...wish })), targets.length > 1);
    selection.clear();
    this.tell(targets);
    selection.advance();
  }

  // A screen reader hears what each key decided.
  tell(targets) {
    const { faces, words, status } = this.grid;
    const face = faces[targets[0]];
    const label = face.state === "rejected" || face.state === "unsure" ? stateText(face, words) : emotionText(face, words);
    const values = { label, number: targets[0] + 1, count: targets.length === 1 ? faces.length : targets.length };
    status.announce(status.fill(targets.length === 1 ? words.toldOne : words.toldMany, values));
  }

  // Several faces at once are decided only as they are drawn: the server leaves out those that were decided since.
  apply(wishes, bulk) {
    const { faces, outbox, pageId, note } = this.grid;
    const action = uuid();
    const before = wishes.map(({ index }) => ({ index, face: { ...faces[index] } }));
    const events = wishes.map(({ index, emotion, reason }) => {
      const { id, seen } = faces[index];
      this.draw(index, emotion, reason);
      return { type: "decide", id: uuid(), action, face: id, emotion, reason, page: pageId, seen, bulk, note };
    });
    this.actions.push({ action, before, events, focused: this.grid.selection.focused });
    outbox.add(events);
  }

  draw(index, emotion, reason) {
    const face = this.grid.faces[index];
    face.mine = true;
    face.reason = reason === NOT_SURE ? null : reason;
    if (reason) face.state = reason === NOT_SURE ? "unsure" : "rejected";
    else {
      face.state = face.hides ? "decided" : emotion === face.baseline ? "confirmed" : "relabelled";
      face.emotion = emotion;
    }
    this.grid.redraw(index);
  }

  undo() {
    const { waiting, faces, selection, outbox, status, words } = this.grid;
    if (waiting) return;
    this.setRejecting(false);
    const last = this.actions.pop();
    if (last) {
      for (const { index, face } of last.before) {
        faces[index] = face;
        this.grid.redraw(index);
      }
      selection.focus(last.before.length > 1 ? last.focused : last.before[0].index);
    } else {
      this.grid.waiting = true;
    }
    outbox.add([{ type: "undo", id: uuid(), undoes: last ? last.action : null }]);
    status.say(words.undone);
  }

  // Enter: faces that were not in view come into view first, and only what was seen is confirmed.
  confirmPage() {
    const { waiting, painted, faces, sight, status, words } = this.grid;
    if (waiting || !painted) return;
    this.setRejecting(false);
    const open = faces.map((face, index) => ({ index, face })).filter(({ face }) => !face.mine && !face.elsewhere);
    const unseen = open.filter(({ index }) => !sight.seen.has(index));
    if (unseen.length) {
      this.grid.nodes[unseen[0].index].scrollIntoView({ block: "start", inline: "start", behavior: "instant" });
      status.say(status.fill(words.unseen, { count: unseen.length }));
      return;
    }
    const kept = open.filter(({ face }) => face.emotion !== null && face.state !== "rejected");
    const wishes = kept.map(({ index, face }) => ({ index, emotion: face.emotion, reason: null }));
    if (wishes.length) this.apply(wishes, true);
    status.say(this.confirmed(wishes.length, open));
    this.grid.turn("next");
  }

  confirmed(count, open) {
    const { status, words } = this.grid;
    const without = open.filter(({ face }) => face.emotion === null).length;
    const told = count ? status.fill(words.confirmedMany, { count }) : "";
    if (!without) return told;
    const hidden = open.some(({ face }) => face.hides);
    return `${told} ${status.fill(hidden ? words.hiddenLeft : words.unlabelledLeft, { count: without })}`.trim();
  }

  // Faces that were decided elsewhere since they were drawn: shown as they are now, and no action of this page.
  leftAlone(ids, tiles, stays) {
    const skipped = new Set(ids);
    const faces = new Set();
    for (const action of this.actions) {
      const gone = action.events.filter((event) => skipped.has(event.id)).map((event) => event.face);
      gone.forEach((face) => faces.add(face));
      action.before = action.before.filter(({ face }) => !gone.includes(face.id));
    }
    this.actions = this.actions.filter((action) => action.before.length);
    for (const tile of tiles) {
      const index = this.grid.faces.findIndex((face) => face.id === tile.id);
      if (index < 0) continue;
      this.grid.faces[index] = { ...tile, elsewhere: true };
      this.grid.redraw(index);
    }
    const { status, words } = this.grid;
    status.say(status.fill(stays ? words.elsewhereStays : words.elsewhere, { count: ids.length }));
  }
}
