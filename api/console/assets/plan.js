// The plan of the site: sends a picture, and moves points while moving is switched on.
const plan = {
  said: (words) => {
    const place = document.querySelector(".plan-said");
    if (!place) return;
    place.textContent = words ?? "";
    place.hidden = !words;
  },
  moving: () => document.documentElement.hasAttribute("data-plan-moving"),
  sheet: () => document.querySelector(".plan-sheet"),
  drag: null,
  steps: { ArrowLeft: [-0.01, 0], ArrowRight: [0.01, 0], ArrowUp: [0, -0.01], ArrowDown: [0, 0.01] },
  // Where a pointer is on the sheet, as shares of it; null beside it.
  place: (event) => {
    const box = plan.sheet().getBoundingClientRect();
    const [x, y] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    return x >= 0 && x <= 1 && y >= 0 && y <= 1 ? { x, y } : null;
  },
  keep: async (meter, place) => {
    const point = { meter, ...(place ? { x: Number(place.x.toFixed(5)), y: Number(place.y.toFixed(5)) } : {}) };
    const wrong = await sp.ask("PUT", "/api/v1/plan", { points: [point] });
    plan.said(wrong);
    return !wrong;
  },
  upload: async (field) => {
    const [file] = field.files;
    if (!file) return;
    try {
      const response = await fetch("/api/v1/plan", {
        method: "PUT",
        headers: {
          "Content-Type": file.type || "application/octet-stream", Accept: "application/json",
          "X-Requested-With": "console", "Accept-Language": document.documentElement.lang,
        },
        body: file,
      });
      if (response.ok) return location.reload();
      plan.said((await response.json()).detail);
    } catch (error) {
      plan.said(document.body.dataset.unreachable ?? String(error));
    }
    field.value = "";
  },
};
document.addEventListener("change", (event) => {
  if (event.target.dataset?.plan === "file") plan.upload(event.target);
});
document.addEventListener("click", async (event) => {
  if (plan.moving() && event.target.closest?.(".plan-point")) event.preventDefault();
  const pressed = event.target.closest?.("button[data-plan]");
  if (pressed?.dataset.plan === "move") {
    const on = document.documentElement.toggleAttribute("data-plan-moving");
    pressed.setAttribute("aria-pressed", String(on));
    [pressed.textContent, pressed.dataset.other] = [pressed.dataset.other, pressed.textContent];
  } else if (pressed?.dataset.plan === "remove" && window.confirm(pressed.dataset.sure)) {
    const wrong = await sp.ask("DELETE", "/api/v1/plan/picture");
    if (wrong) plan.said(wrong);
    else location.reload();
  }
}, true);
document.addEventListener("dragstart", (event) => {
  if (plan.moving() && event.target.closest?.(".plan-point")) event.preventDefault();
});
document.addEventListener("pointerdown", (event) => {
  const point = event.target.closest?.(".plan-point");
  if (!point || !plan.moving() || event.button !== 0) return;
  event.preventDefault();
  point.focus();
  // What is dragged is a copy: the page may write the point itself anew meanwhile.
  const ghost = point.cloneNode(true);
  ghost.removeAttribute("style");
  ghost.removeAttribute("data-meter");
  ghost.classList.add("plan-ghost");
  plan.drag = { meter: point.dataset.meter, ghost, from: [event.clientX, event.clientY], begun: false };
});
document.addEventListener("pointermove", (event) => {
  const drag = plan.drag;
  if (!drag) return;
  if (!drag.begun && Math.hypot(event.clientX - drag.from[0], event.clientY - drag.from[1]) < 4) return;
  if (!drag.begun) document.body.append(drag.ghost);
  drag.begun = true;
  drag.ghost.style.left = `${event.clientX}px`;
  drag.ghost.style.top = `${event.clientY}px`;
});
document.addEventListener("pointerup", async (event) => {
  const drag = plan.drag;
  plan.drag = null;
  if (!drag?.begun) return;
  const place = plan.place(event);
  const onTray = document.elementFromPoint(event.clientX, event.clientY)?.closest(".plan-tray");
  if ((place || onTray) && await plan.keep(drag.meter, place)) {
    const point = document.querySelector(`.plan-over [data-meter="${drag.meter}"]`);
    if (point && place) Object.assign(point.style, { left: `${place.x * 100}%`, top: `${place.y * 100}%` });
  }
  drag.ghost.remove();
});
document.addEventListener("pointercancel", () => {
  plan.drag?.ghost.remove();
  plan.drag = null;
});
document.addEventListener("keydown", (event) => {
  const point = event.target.closest?.(".plan-over .plan-point");
  const step = plan.steps[event.key];
  if (!point || !step || !plan.moving()) return;
  event.preventDefault();
  const within = (value) => Math.min(1, Math.max(0, value));
  const place = { x: within(parseFloat(point.style.left) / 100 + step[0]), y: within(parseFloat(point.style.top) / 100 + step[1]) };
  Object.assign(point.style, { left: `${place.x * 100}%`, top: `${place.y * 100}%` });
  clearTimeout(plan.later);
  plan.later = setTimeout(() => plan.keep(point.dataset.meter, place), 500);
});
