"use strict";
(() => {
  const element = (id) => document.getElementById(id);
  const facts = JSON.parse(element("facts").textContent);
  const sounds = JSON.parse(element("sounds").textContent);

  // Columns of the samples; a place on the map is in [0, 1], y down.
  const unpacked = (text, Type) => {
    const raw = atob(text);
    const bytes = new Uint8Array(raw.length);
    for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
    return new Type(bytes.buffer);
  };
  const xy = Float32Array.from(unpacked(facts.xy, Uint16Array), (v) => v / 65535);
  const kind = unpacked(facts.kind, Uint16Array);
  const folder = unpacked(facts.folder, Uint32Array);
  const seconds = unpacked(facts.seconds, Float32Array);
  const n = facts.name.length;
  const tags = facts.tags.map((tag) => ({ name: tag.name, of: unpacked(tag.of, Uint32Array) }));
  const lookedIn = facts.name.map((name, i) =>
    (facts.folders[folder[i]] + "\n" + name).toLowerCase());
  const shown = new Uint8Array(n).fill(1);
  const kindShown = facts.kinds.map(() => true);
  let count = n;

  // A grid over the map with about two points in a cell, for what is under the pointer.
  const side = Math.max(1, Math.floor(Math.sqrt(n / 2)));
  const column = (v) => Math.min(side - 1, Math.max(0, Math.floor(v * side)));
  const cellOf = (i) => column(xy[2 * i + 1]) * side + column(xy[2 * i]);
  const cellStart = new Uint32Array(side * side + 1);
  for (let i = 0; i < n; i++) cellStart[cellOf(i) + 1]++;
  for (let c = 0; c < side * side; c++) cellStart[c + 1] += cellStart[c];
  const inCells = new Uint32Array(n);
  const filled = cellStart.slice();
  for (let i = 0; i < n; i++) inCells[filled[cellOf(i)]++] = i;

  const nearest = (x, y, within) => {
    let best = -1;
    let closest = within * within;
    const right = column(x + within);
    const low = column(y + within);
    for (let row = column(y - within); row <= low; row++) {
      for (let c = column(x - within); c <= right; c++) {
        const cell = row * side + c;
        for (let p = cellStart[cell]; p < cellStart[cell + 1]; p++) {
          const i = inCells[p];
          if (!shown[i]) continue;
          const dx = xy[2 * i] - x;
          const dy = xy[2 * i + 1] - y;
          const square = dx * dx + dy * dy;
          if (square < closest) { closest = square; best = i; }
        }
      }
    }
    return best;
  };

  // What is seen: the middle in map units, and how many pixels a map unit has.
  const canvas = element("map");
  const pen = canvas.getContext("2d", { alpha: false });
  const view = { x: 0.5, y: 0.5, zoom: 500 };
  const MOST_ZOOM = 400;
  let width = 1;
  let height = 1;
  let ratio = 1;
  let whole = 500;
  let under = -1;
  const onScreen = (i) => [
    (xy[2 * i] - view.x) * view.zoom + width / 2,
    (xy[2 * i + 1] - view.y) * view.zoom + height / 2,
  ];
  const onMap = (px, py) => [
    (px - width / 2) / view.zoom + view.x,
    (py - height / 2) / view.zoom + view.y,
  ];
  const bounds = { left: 1, top: 1, right: 0, bottom: 0 };
  for (let i = 0; i < n; i++) {
    bounds.left = Math.min(bounds.left, xy[2 * i]);
    bounds.right = Math.max(bounds.right, xy[2 * i]);
    bounds.top = Math.min(bounds.top, xy[2 * i + 1]);
    bounds.bottom = Math.max(bounds.bottom, xy[2 * i + 1]);
  }
  if (!n) Object.assign(bounds, { left: 0, top: 0, right: 1, bottom: 1 });

  const showWhole = () => {
    // Beside the filters where the window is wide, below them where it is narrow.
    const box = element("filters").getBoundingClientRect();
    const wide = width > 900;
    const left = wide ? box.right : 0;
    const top = wide ? 0 : box.bottom;
    const w = width - left;
    const h = height - top;
    const across = Math.max(1e-3, bounds.right - bounds.left);
    const down = Math.max(1e-3, bounds.bottom - bounds.top);
    whole = Math.max(50, 0.92 * Math.min(w / across, h / down));
    view.zoom = whole;
    view.x = (bounds.left + bounds.right) / 2 - left / 2 / whole;
    view.y = (bounds.top + bounds.bottom) / 2 - top / 2 / whole;
    draw();
  };
  const zoom = (factor, px, py) => {
    const [x, y] = onMap(px, py);
    view.zoom = Math.min(whole * MOST_ZOOM, Math.max(whole / 2, view.zoom * factor));
    view.x = x - (px - width / 2) / view.zoom;
    view.y = y - (py - height / 2) / view.zoom;
    draw();
  };
  const pan = (dx, dy) => {
    view.x = Math.min(1.2, Math.max(-0.2, view.x + dx / view.zoom));
    view.y = Math.min(1.2, Math.max(-0.2, view.y + dy / view.zoom));
    draw();
  };

  // A disc of each colour is drawn once and then copied; what is filtered out is faint.
  const FAINT = "#3a404b";
  const disc = (colour, radius) => {
    const tile = document.createElement("canvas");
    tile.width = tile.height = Math.ceil(2 * radius * ratio) + 2;
    const brush = tile.getContext("2d");
    brush.fillStyle = colour;
    brush.globalAlpha = 0.85;
    brush.beginPath();
    brush.arc(tile.width / 2, tile.width / 2, radius * ratio, 0, 7);
    brush.fill();
    return tile;
  };
  let waiting = false;
  const draw = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; paint(); });
  };
  const paint = () => {
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.fillStyle = "#14161a";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    const deep = view.zoom / whole;
    const radius = Math.min(7, Math.max(0.8, 160 / Math.sqrt(n + 2000)) * Math.sqrt(deep));
    const tiles = facts.kinds.map((each) => disc(each.colour, radius));
    const faint = disc(FAINT, Math.max(0.6, 0.7 * radius));
    for (const pass of count < n ? [0, 1] : [1]) {
      for (let i = 0; i < n; i++) {
        if (shown[i] !== pass) continue;
        const px = (xy[2 * i] - view.x) * view.zoom + width / 2;
        const py = (xy[2 * i + 1] - view.y) * view.zoom + height / 2;
        if (px < -9 || py < -9 || px > width + 9 || py > height + 9) continue;
        const tile = pass ? tiles[kind[i]] : faint;
        pen.drawImage(tile, px * ratio - tile.width / 2, py * ratio - tile.width / 2);
      }
    }
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    paintRegions();
    if (under >= 0) {
      const [px, py] = onScreen(under);
      pen.strokeStyle = "#ffffff";
      pen.lineWidth = 2;
      pen.beginPath();
      pen.arc(px, py, radius + 4, 0, 7);
      pen.stroke();
    }
    document.body.dataset.painted = String(1 + Number(document.body.dataset.painted || 0));
  };
  const paintRegions = () => {
    pen.font = "600 13px system-ui, sans-serif";
    pen.textAlign = "center";
    pen.lineWidth = 4;
    pen.lineJoin = "round";
    const taken = [];
    for (const region of facts.regions) {
      const number = facts.kinds.findIndex((each) => each.name === region.word);
      if (!kindShown[number]) continue;
      const px = (region.x - view.x) * view.zoom + width / 2;
      const py = (region.y - view.y) * view.zoom + height / 2 - 9;
      const half = pen.measureText(region.word).width / 2 + 3;
      if (taken.some(([x, y, w]) => Math.abs(x - px) < w + half && Math.abs(y - py) < 17)) continue;
      taken.push([px, py, half]);
      pen.strokeStyle = "#14161ad9";
      pen.strokeText(region.word, px, py);
      pen.fillStyle = "#ffffff";
      pen.fillText(region.word, px, py);
    }
  };

  // Hearing: one sound at a time.
  const player = new Audio();
  const told = element("told");
  const rest = sounds.how === "none"
    ? "this page holds no sounds"
    : "drag to move, scroll to zoom, arrow keys go from sound to sound";
  told.textContent = rest;
  const play = (i) => {
    const source = sounds.sources[i];
    player.pause();
    if (!source) {
      if (sounds.how === "embed") told.textContent = "this sound is not in the page";
      return;
    }
    player.src = sounds.how === "embed" ? "data:audio/mpeg;base64," + source : source;
    document.body.dataset.asked = String(i);
    player.play().then(
      () => { told.textContent = rest; document.body.dataset.played = String(i); },
      (error) => {
        if (error.name === "NotAllowedError") told.textContent = "click once to hear sounds";
        else if (error.name !== "AbortError") {
          told.textContent = sounds.how === "link"
            ? "the file cannot be played from here" : "this browser cannot play the sound";
        }
      },
    );
  };

  const tip = element("tip");
  const point = (i, heard) => {
    if (i !== under) {
      under = i;
      draw();
      if (i >= 0 && heard) play(i);
    }
    tip.hidden = i < 0;
    if (i < 0) return;
    const words = tags.filter((tag) => tag.of.includes(i)).map((tag) => "#" + tag.name);
    const time = seconds[i] ? seconds[i].toFixed(2) + " s" : "";
    const about = [facts.kinds[kind[i]].name, time, facts.folders[folder[i]], ...words];
    tip.children[0].textContent = facts.name[i];
    tip.children[1].textContent = about.filter(Boolean).join(" \u00b7 ");
    const [px, py] = onScreen(i);
    const box = tip.getBoundingClientRect();
    tip.style.left = Math.max(4, Math.min(px + 14, width - box.width - 4)) + "px";
    tip.style.top = (py + 14 + box.height > height ? py - 14 - box.height : py + 14) + "px";
  };

  // Filters: words in the name or folder, a tag, kinds.
  const hear = element("hear");
  const text = element("text");
  const tagChoice = element("tag");
  const number = (value) => value.toLocaleString("en");
  const filter = () => {
    const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const chosen = tagChoice.value === "" ? null : new Uint8Array(n);
    if (chosen) for (const i of tags[Number(tagChoice.value)].of) chosen[i] = 1;
    count = 0;
    for (let i = 0; i < n; i++) {
      const found = kindShown[kind[i]] && (!chosen || chosen[i])
        && words.every((word) => lookedIn[i].includes(word));
      shown[i] = found ? 1 : 0;
      count += shown[i];
    }
    element("count").textContent =
      count === n ? number(n) + " sounds" : number(count) + " of " + number(n) + " sounds";
    if (under >= 0 && !shown[under]) point(-1);
    draw();
  };
  const option = (label, value) => {
    const each = document.createElement("option");
    each.textContent = label;
    each.value = value;
    tagChoice.append(each);
  };
  option("any tag", "");
  tags.forEach((tag, i) => option(tag.name + " (" + number(tag.of.length) + ")", String(i)));
  tagChoice.hidden = !tags.length;
  const perKind = new Uint32Array(facts.kinds.length);
  for (let i = 0; i < n; i++) perKind[kind[i]]++;
  const chips = facts.kinds.map((each, k) => {
    const chip = document.createElement("button");
    const dot = document.createElement("i");
    const amount = document.createElement("small");
    dot.style.background = each.colour;
    amount.textContent = number(perKind[k]);
    chip.type = "button";
    chip.title = "click: show or hide; double click: only this";
    chip.append(dot, each.name, amount);
    element("kinds").append(chip);
    chip.addEventListener("click", () => { kindShown[k] = !kindShown[k]; showChips(); });
    chip.addEventListener("dblclick", () => {
      const alone = kindShown.every((on, other) => on === (other === k));
      kindShown.forEach((_, other) => { kindShown[other] = alone || other === k; });
      showChips();
    });
    return chip;
  });
  const showChips = () => {
    chips.forEach((chip, k) => chip.setAttribute("aria-pressed", String(kindShown[k])));
    filter();
  };
  element("filters").addEventListener("submit", (event) => event.preventDefault());
  text.addEventListener("input", filter);
  tagChoice.addEventListener("change", filter);
  element("whole").addEventListener("click", showWhole);
  element("hearing").hidden = sounds.how === "none";

  // Pointers: one moves or points, two pinch.
  const REACH = 12;
  const down = new Map();
  let moved = 0;
  const pointAt = (event, heard) => {
    const [x, y] = onMap(event.clientX, event.clientY);
    point(nearest(x, y, REACH / view.zoom), heard);
  };
  const spread = () => {
    const [a, b] = [...down.values()];
    return [Math.hypot(a.x - b.x, a.y - b.y), (a.x + b.x) / 2, (a.y + b.y) / 2];
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    down.set(event.pointerId, { x: event.clientX, y: event.clientY });
    moved = down.size > 1 ? Infinity : 0;
  });
  canvas.addEventListener("pointermove", (event) => {
    const at = down.get(event.pointerId);
    if (!at) {
      if (event.pointerType !== "touch") pointAt(event, hear.checked);
      return;
    }
    const pinching = down.size === 2;
    const before = pinching ? spread() : null;
    const dx = event.clientX - at.x;
    const dy = event.clientY - at.y;
    at.x = event.clientX;
    at.y = event.clientY;
    moved += Math.hypot(dx, dy);
    if (pinching) {
      const after = spread();
      pan(before[1] - after[1], before[2] - after[2]);
      zoom(after[0] / Math.max(1, before[0]), after[1], after[2]);
      tip.hidden = true;
    } else if (moved > 4) {
      pan(-dx, -dy);
      tip.hidden = true;
    }
  });
  const lifted = (event) => {
    const was = down.delete(event.pointerId);
    if (!was || event.type === "pointercancel" || moved > 4) return;
    pointAt(event, false);
    if (under >= 0) play(under);
  };
  canvas.addEventListener("pointerup", lifted);
  canvas.addEventListener("pointercancel", lifted);
  canvas.addEventListener("pointerleave", (event) => {
    if (event.pointerType === "mouse" && !down.size) point(-1);
  });
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    const lines = event.deltaMode === 1 ? 16 : 1;
    zoom(Math.exp(-0.0015 * event.deltaY * lines), event.clientX, event.clientY);
    pointAt(event, false);
  }, { passive: false });

  // Keys.
  const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const inWay = ([wx, wy]) => {
    const [x, y] = under >= 0 ? [xy[2 * under], xy[2 * under + 1]] : [view.x, view.y];
    let best = -1;
    let closest = Infinity;
    for (let i = 0; i < n; i++) {
      if (!shown[i] || i === under) continue;
      const dx = xy[2 * i] - x;
      const dy = xy[2 * i + 1] - y;
      const ahead = dx * wx + dy * wy;
      const aside = Math.abs(dx * wy) + Math.abs(dy * wx);
      if (ahead <= 0 || aside > ahead) continue;
      const length = ahead + 2 * aside;
      if (length < closest) { closest = length; best = i; }
    }
    return best;
  };
  const goTo = (i) => {
    if (i < 0) return;
    const [px, py] = onScreen(i);
    if (px < 40 || py < 40 || px > width - 40 || py > height - 40) {
      view.x = xy[2 * i];
      view.y = xy[2 * i + 1];
    }
    point(i, hear.checked);
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      if (document.activeElement === text && text.value) { text.value = ""; filter(); }
      canvas.focus();
      return;
    }
    if (event.target !== canvas && event.target !== document.body) return;
    const way = WAYS[event.key];
    if (way && event.shiftKey) pan(way[0] * width / 6, way[1] * height / 6);
    else if (way) goTo(under < 0 ? nearest(view.x, view.y, 2) : inWay(way));
    else if (event.key === "+" || event.key === "=" || event.key === "-") {
      const [px, py] = under >= 0 ? onScreen(under) : [width / 2, height / 2];
      zoom(event.key === "-" ? 1 / 1.4 : 1.4, px, py);
      if (under >= 0) point(under);
    } else if (event.key === "Home") showWhole();
    else if (event.key === "Enter" || event.key === " ") { if (under >= 0) play(under); }
    else if (event.key === "a") hear.checked = !hear.checked;
    else if (event.key === "/") text.focus();
    else return;
    event.preventDefault();
  });

  const resize = () => {
    const first = width === 1;
    ratio = window.devicePixelRatio || 1;
    width = window.innerWidth;
    height = window.innerHeight;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    if (first || Math.abs(view.zoom - whole) < 1e-6) showWhole(); else draw();
  };
  window.addEventListener("resize", resize);
  showChips();
  resize();
  canvas.focus();
})();
