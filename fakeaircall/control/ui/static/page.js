// This script keeps the page up to date: it loads the page again and replaces the elements marked data-live. Without it,
// forms and links load the whole page.
"use strict";
(() => {
  const each = (selector, f) => document.querySelectorAll(selector).forEach(f);
  // Addresses begin with location.origin: a relative one would contain a password of the page's address, which fetch refuses.
  const told = document.getElementById("told");
  let waiting = false; // a change came while an element that it would replace was in use

  // A field with the focus is not replaced, and nothing is replaced while a button is pressed.
  let pressed = false;
  document.addEventListener("pointerdown", () => { pressed = true; });
  ["pointerup", "pointercancel"].forEach((name) => document.addEventListener(name, () => setTimeout(() => { pressed = false; late(); })));
  const inUse = (part) => {
    const at = document.activeElement;
    return at && at.matches("input:not([type=hidden]), select") && part.contains(at);
  };

  // swap takes over the data-live elements of another version of the page.
  const swap = (other) => {
    const focused = document.activeElement && document.activeElement.id;
    const csrf = other.querySelector("[name=csrf]"); // a restarted fake has another
    if (csrf) each("[name=csrf]", (field) => { field.value = csrf.value; });
    each("[data-live]", (old) => {
      const fresh = other.getElementById(old.id);
      if (!fresh || fresh.outerHTML === old.outerHTML) return;
      if (inUse(old)) { waiting = true; return; }
      if (old.getAttribute("role") === "status") { // a new element would not be read out
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

  let asking = false, again = false, doing = 0, sent = 0; // forms in progress, and all
  const refresh = async () => {
    if (pressed || doing) { waiting = true; return; }
    if (asking) { again = true; return; }
    asking = true;
    const before = sent;
    try {
      const reply = await fetch(location.origin + location.pathname + location.search, { headers: { Accept: "text/html" } });
      if (pressed) { waiting = true; return; } // since the request
      if (reply.ok) {
        const other = await parse(reply);
        if (sent !== before) { again = true; return; } // the reply may be older than the form
        // The error of a form stays until the next form.
        if (document.querySelector("#notice > *")) other.getElementById("notice")?.removeAttribute("id");
        swap(other);
      }
    } catch { /* the fake has stopped; the stream reports when it is back */ } finally {
      asking = false;
      if (again) { again = false; refresh(); }
    }
  };
  const late = () => { if (waiting) { waiting = false; refresh(); } };
  document.addEventListener("focusout", () => setTimeout(late));

  // Forms are sent without leaving the page.
  document.addEventListener("submit", async (event) => {
    const form = event.target, button = event.submitter;
    if (form.getAttribute("method") !== "post") return; // form.method could be a field with that name
    event.preventDefault();
    const name = button ? button.textContent.trim() : "Done";
    doing++;
    sent++;
    try {
      const reply = await fetch(location.origin + form.getAttribute("action"), { method: "POST", body: new URLSearchParams(new FormData(form, button)) });
      if (button) button.focus(); // not a field, which would not be replaced
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

  // Clocks run between two changes, at the speed of the fake's clock.
  let now = 0, speed = 0, at = 0;
  const started = () => {
    const facts = document.getElementById("facts").dataset;
    now = +facts.now; speed = +facts.speed; at = performance.now();
    tick();
  };
  const two = (n) => String(n).padStart(2, "0");
  const tick = () => {
    const t = now + (performance.now() - at) * speed;
    if (Math.floor(t / 60000) !== Math.floor(now / 60000) && document.querySelector("meter")) setTimeout(refresh); // a new window of the rate limit
    each("[data-clock]", (e) => { e.textContent = new Date(t).toISOString().slice(0, 19).replace("T", " "); });
    each("[data-since]", (e) => {
      const s = Math.max(0, Math.floor((t - e.dataset.since) / 1000)), h = Math.floor(s / 3600), m = Math.floor(s / 60) % 60;
      e.textContent = (h ? h + ":" + two(m) : m) + ":" + two(s % 60);
    });
  };
  setInterval(tick, 1000);

  // A browser has few connections to a server: a hidden page uses none.
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
