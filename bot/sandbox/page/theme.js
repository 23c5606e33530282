/** Light, dark or as the system says: set before the first paint, hence no module. */
(() => {
  let kept = null;
  try {
    kept = localStorage.getItem("theme");
  } catch {
    // Without storage the system decides.
  }
  if (kept === "light" || kept === "dark") document.documentElement.dataset.theme = kept;
})();
