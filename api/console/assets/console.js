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
// Charts take their colours when they are drawn, so another scheme is another page load.
sp.system.addEventListener("change", () => { if (!sp.cookie("smartpark_scheme")) location.reload(); });
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
