// Equations: KaTeX stands beside this file; math comes as \(...\) or \[...\] in elements of the class.
document.addEventListener("DOMContentLoaded", () => {
  for (const element of document.querySelectorAll(".arithmatex")) {
    const found = element.textContent.trim().match(/^\\([([])([\s\S]*)\\[)\]]$/);
    if (!found) continue;
    katex.render(found[2], element, { displayMode: found[1] === "[", throwOnError: false, strict: false });
    if (found[1] === "[") element.tabIndex = 0; // it scrolls where it is wider than the page
  }
});
