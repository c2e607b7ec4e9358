// Scrolls the text of a document to its lit clause, and the page to what came of a press, once for each that is shown.
// Streamlit gives pages no script.
(function () {
  const lit = document.getElementsByClassName("kpis-lit");
  const outcomes = document.getElementsByClassName("kpis-outcome");
  let shown = null;
  let reached = null;
  new MutationObserver(function () {
    if (outcomes[0] && outcomes[0] !== reached) {
      reached = outcomes[0];
      reached.scrollIntoView({ block: "center" });
    }
    const clause = lit[0];
    if (!clause || clause === shown) return;
    shown = clause;
    const pane = clause.closest(".kpis-source");
    if (!pane) return;
    const distance = clause.getBoundingClientRect().top - pane.getBoundingClientRect().top;
    pane.scrollTop += distance - pane.clientHeight / 3;
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
