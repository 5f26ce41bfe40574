// The steps of a sequence in a row, each as dark as an output depends on it.
import { colour } from "./draw.js";

/** A letter as it is seen: a space and a line end too. */
export const visible = (letter) => letter.replace(/\n/g, "↵").replace(/ /g, "␣");

/**
 * Put steps into an element as buttons: `letters` are their names, `shares` from 0 to 1. Those in `chosen` are marked;
 * `choose` is told the number of the one that a person presses or moves to with the arrow keys.
 */
export function paintSteps(parent, letters, shares, { name, chosen, label, choose }) {
  const paint = colour(name);
  const buttons = letters.map((letter, k) => {
    const button = document.createElement("button"), share = shares[k] || 0;
    button.type = "button";
    button.textContent = visible(letter);
    button.style.background = `color-mix(in srgb, ${paint} ${Math.round(55 * share)}%, transparent)`;
    button.setAttribute("aria-pressed", String(k === chosen));
    button.setAttribute("aria-label", label(visible(letter), k, share));
    button.tabIndex = k === chosen ? 0 : -1;
    button.addEventListener("click", () => moved(k));
    return button;
  });
  const moved = (k) => {
    choose(k);
    parent.children[k]?.focus();
  };
  parent.replaceChildren(...buttons);
  parent.onkeydown = (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1, Home: -letters.length, End: letters.length }[event.key];
    if (!by) return;
    event.preventDefault();
    moved(Math.max(0, Math.min(letters.length - 1, chosen + by)));
  };
}
