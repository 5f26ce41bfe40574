// A button that turns the page light or dark. Without this script the page follows the system.
(function () {
  const root = document.documentElement;
  const [light, dark, turn] = root.dataset.words.split("|");
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const button = document.createElement("button");
  const isDark = () => (root.dataset.theme || (system.matches ? "dark" : "light")) === "dark";
  const label = () => { button.textContent = isDark() ? light : dark; };
  button.type = "button";
  button.className = "theme";
  button.title = turn;
  button.addEventListener("click", () => { root.dataset.theme = isDark() ? "light" : "dark"; label(); });
  system.addEventListener("change", label);
  label();
  document.querySelector(".masthead").append(button);
})();
