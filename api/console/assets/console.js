// Before the first paint: which scheme to show.  A cookie holds a choice; without one the system decides.
const sp = {
  cookie: (name) => document.cookie.split("; ").find((c) => c.startsWith(name + "="))?.split("=")[1],
  keep: (name, value) => { document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=lax`; },
  system: window.matchMedia("(prefers-color-scheme: dark)"),
  scheme: () => sp.cookie("smartpark_scheme") ?? (sp.system.matches ? "dark" : "light"),
  color: (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim(),
  number: (value, digits = 1) => value == null ? "—" : Number(value).toLocaleString("en", {
    minimumFractionDigits: digits, maximumFractionDigits: digits,
  }),
  // Ask the API as a page of this site, in the language of the page; gives null or the sentence of what went wrong.
  ask: async (method, path, body) => {
    try {
      const response = await fetch(path, {
        method,
        headers: {
          "Content-Type": "application/json", Accept: "application/json", "X-Requested-With": "console",
          "Accept-Language": document.documentElement.lang,
        },
        body: body && JSON.stringify(body),
      });
      if (response.ok) return await response.text(), null;
      const problem = await response.json();
      return [problem.detail, ...(problem.mistakes ?? []).map((mistake) => mistake.detail ?? mistake.message ?? "")].join(" ");
    } catch (error) {
      return document.body.dataset.unreachable ?? String(error);
    }
  },
  // A form of the door: sends its fields, says what went wrong, and goes on where all is well.
  door: (form, method, path, proceed) => form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const said = document.getElementById("said");
    const button = form.querySelector("button[type=submit]");
    const fields = Object.fromEntries(new FormData(form));
    const wrong = "again" in fields && fields.again !== fields.new ? form.dataset.differ : null;
    delete fields.again;
    button.disabled = true;
    const trouble = wrong ?? await sp.ask(method, path, fields);
    button.disabled = false;
    said.hidden = !trouble;
    said.textContent = trouble ?? "";
    if (!trouble) location.assign(proceed);
    else form.querySelector("input[type=password]").select();
  }),
};
document.documentElement.dataset.scheme = sp.scheme();
// Charts take their colours when they are drawn, so another scheme is another page load: once the system has settled, and
// never from a page that is being left, whose reload would take the place of the page it leads to.
sp.leaving = null;
addEventListener("beforeunload", () => {
  clearTimeout(sp.leaving);
  sp.leaving = setTimeout(() => { sp.leaving = null; }, 10_000);  // a download leaves nothing
});
sp.system.addEventListener("change", () => setTimeout(() => {
  if (!sp.leaving && sp.scheme() !== document.documentElement.dataset.scheme) location.reload();
}, 300));
document.addEventListener("click", async (event) => {
  const target = event.target.closest?.("[data-switch]");
  if (!target) return;
  if (target.dataset.switch === "leave") {
    await sp.ask("DELETE", "/api/v1/session");
    location.assign("/sign-in");
    return;
  }
  if (target.dataset.switch === "scheme") sp.keep("smartpark_scheme", sp.scheme() === "dark" ? "light" : "dark");
  else sp.keep("smartpark_language", target.dataset.to);
  location.reload();
});
// Alerts: while a grave one burns that nobody looks after, a sound every few seconds and, once, a browser's own notice.
// Browsers let a page sound only after a click on it; where that has not been, the banner's button asks for it.
const alarm = {
  context: null,
  told: new Set(JSON.parse(sessionStorage.getItem("smartpark_alarm_told") ?? "[]")),
  wanted: () => sp.cookie("smartpark_alarm") === "on",
  running: () => alarm.context?.state === "running",
  wake: () => {
    alarm.context ??= new AudioContext();
    return alarm.context.resume().catch(() => null);
  },
  enable: async () => {
    sp.keep("smartpark_alarm", "on");
    await alarm.wake();
    if ("Notification" in window && Notification.permission === "default") await Notification.requestPermission();
    alarm.look();
  },
  // The graver, the more and the higher the tones.
  sound: (level) => {
    const tones = { larger: [660, 660], major: [780, 620, 780], critical: [920, 640, 920, 640, 920] }[level] ?? [600];
    tones.forEach((pitch, place) => {
      const start = alarm.context.currentTime + place * 0.26;
      const [tone, volume] = [alarm.context.createOscillator(), alarm.context.createGain()];
      tone.frequency.value = pitch;
      volume.gain.setValueAtTime(0.0001, start);
      volume.gain.exponentialRampToValueAtTime(0.25, start + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.22);
      tone.connect(volume).connect(alarm.context.destination);
      tone.start(start);
      tone.stop(start + 0.24);
    });
  },
  notify: (one) => {
    if (alarm.told.has(one.key)) return;
    alarm.told.add(one.key);
    sessionStorage.setItem("smartpark_alarm_told", JSON.stringify([...alarm.told].slice(-200)));
    if (!alarm.wanted() || !("Notification" in window) || Notification.permission !== "granted") return;
    const shown = new Notification(one.title, { tag: one.key, requireInteraction: one.level !== "larger" });
    shown.addEventListener("click", () => {
      window.focus();
      location.assign(`/alerts/${one.key.split("|").slice(0, 2).join("/")}`);
    });
  },
  burning: () => {
    try {
      return JSON.parse(document.querySelector("[data-alarm-state]")?.dataset.alarmState ?? "[]");
    } catch {
      return [];
    }
  },
  look: () => {
    document.documentElement.toggleAttribute("data-alarm-on", alarm.wanted() && alarm.running());
    const burning = alarm.burning();
    burning.forEach(alarm.notify);
    if (burning.length && alarm.wanted() && alarm.running()) alarm.sound(burning[0].level);
  },
};
document.addEventListener("click", (event) => {
  const target = event.target.closest?.("[data-alarm]");
  if (target?.dataset.alarm === "print") window.print();
  else if (target?.dataset.alarm === "enable") alarm.enable();
  else if (alarm.wanted() && !alarm.running()) alarm.wake();
});
if (alarm.wanted()) alarm.wake();
setInterval(alarm.look, 4000);
