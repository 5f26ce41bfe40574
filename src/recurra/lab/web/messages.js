// What the page says, in its language: one catalogue, `messages.json`.

let catalogue = {}, language = "en";

export const languages = () => Object.keys(catalogue);

export function useMessages(given) {
  catalogue = given;
}

export function useLanguage(name) {
  language = catalogue[name] ? name : "en";
  document.documentElement.lang = language === "zh" ? "zh-CN" : language;
  for (const each of document.querySelectorAll("[data-text]")) each.textContent = say(each.dataset.text);
  for (const each of document.querySelectorAll("[data-label]")) each.setAttribute("aria-label", say(each.dataset.label));
  document.title = `recurra lab · ${say("subtitle")}`;
}

/** A message of the catalogue, with {name} replaced by the values given. */
export function say(key, values = {}) {
  const text = catalogue[language]?.[key];
  if (text === undefined) throw new Error(`no message ${key} in ${language}`);
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}
