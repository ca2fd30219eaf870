// What is shown follows what happens: the page is asked for again, and what is marked data-live in it takes the
// place of what stands here. Without this script forms and links do the same, by loading the page.
"use strict";
(() => {
  const each = (selector, f) => document.querySelectorAll(selector).forEach(f);
  // Addresses begin with location.origin: a password that stands in the page's own would go into others, which fetch refuses.
  const told = document.getElementById("told");
  let waiting = false; // a change came while somebody was busy with what it would replace

  // What is in use stays as it is: a field that has the focus, and all of the page while a button is pressed.
  let pressed = false;
  document.addEventListener("pointerdown", () => { pressed = true; });
  ["pointerup", "pointercancel"].forEach((name) => document.addEventListener(name, () => setTimeout(() => { pressed = false; late(); })));
  const inUse = (part) => {
    const at = document.activeElement;
    return at && at.matches("input:not([type=hidden]), select") && part.contains(at);
  };

  // swap takes over what is live of another version of the page.
  const swap = (other) => {
    const focused = document.activeElement && document.activeElement.id;
    each("[data-live]", (old) => {
      const fresh = other.getElementById(old.id);
      if (!fresh || fresh.outerHTML === old.outerHTML) return;
      if (inUse(old)) { waiting = true; return; }
      if (old.getAttribute("role") === "status") { // or it is not read out
        if (old.textContent !== fresh.textContent) old.textContent = fresh.textContent;
        return;
      }
      const open = [...old.querySelectorAll("details[open]")].map((d) => d.id);
      old.replaceWith(document.adoptNode(fresh));
      open.forEach((id) => { const d = id && document.getElementById(id); if (d) d.open = true; });
    });
    if (focused && document.activeElement === document.body) {
      const at = document.getElementById(focused);
      if (at) at.focus({ preventScroll: true });
    }
    started();
  };

  const parse = async (reply) => new DOMParser().parseFromString(await reply.text(), "text/html");

  let asking = false, again = false, doing = 0, deeds = 0; // deeds under way, and all
  const refresh = async () => {
    if (pressed || doing) { waiting = true; return; }
    if (asking) { again = true; return; }
    asking = true;
    const before = deeds;
    try {
      const reply = await fetch(location.origin + location.pathname + location.search, { headers: { Accept: "text/html" } });
      if (pressed) { waiting = true; return; } // since it was asked
      if (reply.ok) {
        const other = await parse(reply);
        if (deeds !== before) { again = true; return; } // it may be as it was before the deed
        // What was refused, perhaps just now, stays until the next deed.
        if (document.querySelector("#notice > *")) other.getElementById("notice")?.removeAttribute("id");
        swap(other);
      }
    } catch { /* the fake is gone; the stream tells when it is back */ } finally {
      asking = false;
      if (again) { again = false; refresh(); }
    }
  };
  const late = () => { if (waiting) { waiting = false; refresh(); } };
  document.addEventListener("focusout", () => setTimeout(late));

  // A form is sent without leaving the page.
  document.addEventListener("submit", async (event) => {
    const form = event.target, button = event.submitter;
    if (form.getAttribute("method") !== "post") return; // form.method would be a field of that name
    event.preventDefault();
    const name = button ? button.textContent.trim() : "Done";
    doing++;
    deeds++;
    try {
      const reply = await fetch(location.origin + form.getAttribute("action"), { method: "POST", body: new URLSearchParams(new FormData(form, button)) });
      if (button) button.focus(); // and not a field that would hold up what is new
      swap(await parse(reply));
      const refused = document.querySelector("#notice > *");
      told.textContent = refused ? "" : name + ": done";
      if (refused) refused.focus();
    } catch {
      told.textContent = name + ": the fake does not answer";
    } finally {
      doing--;
      late();
    }
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent).then(
      () => { told.textContent = button.textContent = "Copied"; },
      () => { told.textContent = button.textContent = "Select and copy it"; });
  });
  each("[data-copy]", (b) => { b.hidden = !navigator.clipboard; });

  // Clocks go on between two changes, as fast as the fake's.
  let now = 0, speed = 0, at = 0;
  const started = () => {
    const facts = document.getElementById("facts").dataset;
    now = +facts.now; speed = +facts.speed; at = performance.now();
    tick();
  };
  const two = (n) => String(n).padStart(2, "0");
  const tick = () => {
    const t = now + (performance.now() - at) * speed;
    if (Math.floor(t / 60000) !== Math.floor(now / 60000) && document.querySelector("meter")) setTimeout(refresh); // the rate limit's window is new
    each("[data-clock]", (e) => { e.textContent = new Date(t).toISOString().slice(0, 19).replace("T", " "); });
    each("[data-since]", (e) => {
      const s = Math.max(0, Math.floor((t - e.dataset.since) / 1000)), h = Math.floor(s / 3600), m = Math.floor(s / 60) % 60;
      e.textContent = (h ? h + ":" + two(m) : m) + ":" + two(s % 60);
    });
  };
  setInterval(tick, 1000);

  // A browser has few connections to one server: a page that nobody sees needs none.
  let stream = null;
  const follow = () => {
    if (document.hidden || stream) return;
    stream = new EventSource(location.origin + "/_fake/page/live?since=" + document.getElementById("facts").dataset.changes);
    stream.addEventListener("change", refresh);
    stream.addEventListener("open", () => { document.documentElement.dataset.follows = "yes"; });
  };
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) { follow(); return; }
    if (stream) stream.close();
    stream = null;
  });
  started();
  follow();
})();
