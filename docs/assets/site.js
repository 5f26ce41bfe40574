// Equations: KaTeX stands beside this file; math comes as \(...\) or \[...\] in elements of the class.
document.addEventListener("DOMContentLoaded", () => {
  for (const element of document.querySelectorAll(".arithmatex")) {
    const found = element.textContent.trim().match(/^\\([([])([\s\S]*)\\[)\]]$/);
    if (found) katex.render(found[2], element, { displayMode: found[1] === "[", throwOnError: false, strict: false });
  }
  // what scrolls where it is wider than the page can be scrolled by the keyboard, too
  for (const element of document.querySelectorAll("pre > code, div.arithmatex, .md-typeset__scrollwrap")) element.tabIndex = 0;
});
