// Scrolls the text of a document to its lit clause, once for each clause shown. Streamlit gives pages no script.
(function () {
  const lit = document.getElementsByClassName("kpis-lit");
  let shown = null;
  new MutationObserver(function () {
    const clause = lit[0];
    if (!clause || clause === shown) return;
    shown = clause;
    const pane = clause.closest(".kpis-source");
    if (!pane) return;
    const distance = clause.getBoundingClientRect().top - pane.getBoundingClientRect().top;
    pane.scrollTop += distance - pane.clientHeight / 3;
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
