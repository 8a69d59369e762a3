// Sets the theme before anything is painted: the kept choice, else what the system prefers.
(() => {
  const system = window.matchMedia("(prefers-color-scheme: dark)");

  function keptChoice() {
    try {
      return localStorage.getItem("theme");
    } catch {
      return null; // storage is switched off
    }
  }

  function show() {
    const choice = keptChoice();
    const dark = choice === "dark" || (choice !== "light" && system.matches);
    document.documentElement.dataset.bsTheme = dark ? "dark" : "light";
    document.documentElement.dataset.themeChoice = choice || "auto";
  }

  system.addEventListener("change", show);
  window.addEventListener("storage", show);
  document.addEventListener("theme:chosen", (event) => {
    try {
      if (event.detail === "auto") localStorage.removeItem("theme");
      else localStorage.setItem("theme", event.detail);
    } catch {
      // Without storage the choice lasts for this page.
    }
    show();
  });
  show();
})();
