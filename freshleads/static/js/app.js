// Small behaviours of the pages; each one looks for its own data attribute and works without the rest.

const announcer = () => document.getElementById("announcer");

function announce(text) {
  const place = announcer();
  if (place && text) place.textContent = text;
}

// --- Theme: light, dark or as the system prefers ------------------------------------------------
function markTheme() {
  const choice = document.documentElement.dataset.themeChoice || "auto";
  for (const select of document.querySelectorAll("[data-theme-select]")) select.value = choice;
}

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-theme-select]")) return;
  document.dispatchEvent(new CustomEvent("theme:chosen", { detail: event.target.value }));
  announce(`Theme: ${event.target.value}`);
});

// --- Copy buttons -------------------------------------------------------------------------------
async function copyFrom(button) {
  const source = document.getElementById(button.dataset.copy);
  const label = button.querySelector("[data-copy-label]") || button;
  const before = label.textContent;
  try {
    await navigator.clipboard.writeText(source.value || source.textContent.trim());
    label.textContent = "Copied";
    announce("Copied to the clipboard");
  } catch {
    source.focus();
    if (source.select) source.select();
    label.textContent = "Press Ctrl+C";
  }
  setTimeout(() => (label.textContent = before), 2000);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) copyFrom(button);
});

// --- Confirmation: a dialog of the page asks before a form is sent -------------------------------
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) document.getElementById(opener.dataset.dialog).showModal();
  const closer = event.target.closest("[data-dialog-close]");
  if (closer) closer.closest("dialog").close();
});

// --- Row selection: the bulk bar shows while something is selected -------------------------------
function selection(form) {
  return [...form.querySelectorAll("[data-select-row]")];
}

function showSelection(form) {
  const rows = selection(form);
  const chosen = rows.filter((box) => box.checked).length;
  const all = form.querySelector("[data-select-all]");
  if (all) {
    all.checked = chosen > 0 && chosen === rows.length;
    all.indeterminate = chosen > 0 && chosen < rows.length;
  }
  const bar = form.querySelector("[data-bulk-bar]");
  if (bar) bar.hidden = chosen === 0;
  const count = offerEverything(form, chosen === rows.length) || chosen;
  for (const place of form.querySelectorAll("[data-bulk-count]")) {
    place.textContent = count.toLocaleString("en-US");
  }
  return count;
}

// Who has selected a whole page is offered all that match; returns how many where that was taken.
function offerEverything(form, isWholePage) {
  const everything = form.querySelector("[data-everything]");
  if (!everything) return 0;
  form.querySelector("[data-everything-offer]").hidden = !isWholePage;
  if (!isWholePage) everything.checked = false;
  return everything.checked ? Number(everything.dataset.everything) : 0;
}

document.addEventListener("change", (event) => {
  const form = event.target.closest("[data-selection]");
  if (!form) return;
  if (event.target.matches("[data-select-all]")) {
    for (const box of selection(form)) box.checked = event.target.checked;
  }
  if (event.target.matches("[data-select-all], [data-select-row], [data-everything]")) {
    announce(`${showSelection(form)} selected`);
  }
});

// --- Selects that send their form at once (sorting, page size) -----------------------------------
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-send-on-change]")) event.target.form.requestSubmit();
});

// --- Files: one that is too large is told before it travels --------------------------------------
document.addEventListener("change", (event) => {
  const field = event.target;
  if (!field.matches("input[type=file][data-max-bytes]")) return;
  const isTooLarge = field.files[0]?.size > Number(field.dataset.maxBytes);
  document.getElementById(field.dataset.tooLarge).hidden = !isTooLarge;
});

// --- URLs of GET forms carry only what is filled in ----------------------------------------------
function dropEmpty(parameters) {
  for (const [name, value] of [...parameters.entries()]) {
    if (value === "") parameters.delete(name);
  }
}

document.addEventListener("formdata", (event) => {
  if (event.target.method === "get") dropEmpty(event.formData);
});

document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb === "get") dropEmpty(event.detail.formData);
});

// --- Undo toast: goes away by itself, but never under the pointer or the focus -------------------
function startToast(toast) {
  if (toast.dataset.started) return;
  toast.dataset.started = "true";
  let left = Number(toast.dataset.undoToast);
  const clock = setInterval(() => {
    if (!toast.isConnected) return clearInterval(clock);
    if (toast.matches(":hover, :focus-within")) return undefined;
    left -= 1;
    if (left <= 0) {
      clearInterval(clock);
      toast.remove();
    }
    return undefined;
  }, 1000);
}

// --- What a phone folds stands open where there is room -----------------------------------------
function openOnDesks() {
  const isDesk = matchMedia("(min-width: 62rem)").matches;
  for (const part of document.querySelectorAll("[data-open-on-desks]")) part.open = isDesk;
}

function startAll(root) {
  for (const toast of root.querySelectorAll("[data-undo-toast]")) startToast(toast);
  for (const form of root.querySelectorAll("[data-selection]")) showSelection(form);
  for (const dialog of root.querySelectorAll("dialog[data-open]")) {
    if (!dialog.open) dialog.showModal();
  }
  markTheme();
}

document.addEventListener("DOMContentLoaded", () => {
  openOnDesks();
  startAll(document);
  document.querySelector("[aria-invalid='true']")?.focus();
});
window.addEventListener("pageshow", () => startAll(document));

// --- htmx: rest while nobody looks, keep the focus, say when the line is down --------------------
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.matches("[data-poll]") && document.hidden) event.preventDefault();
});

let focusWasSomewhere = false;

document.addEventListener("htmx:beforeSwap", () => {
  focusWasSomewhere = document.activeElement !== document.body;
});

document.addEventListener("htmx:afterSettle", () => {
  startAll(document);
  if (focusWasSomewhere && document.activeElement === document.body) {
    document.querySelector("[data-focus-after-swap]")?.focus({ preventScroll: true });
  }
});

function showConnection(lost) {
  const notice = document.getElementById("connection-lost");
  if (notice) notice.hidden = !lost;
}

document.addEventListener("htmx:sendError", () => showConnection(true));
document.addEventListener("htmx:responseError", () => showConnection(true));
document.addEventListener("htmx:afterOnLoad", () => showConnection(false));
