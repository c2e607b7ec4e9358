// Opens a link to one of our pages without loading the product again, and puts scroll position and opened parts back.
//
// A plain click changes the address and dispatches `popstate`, which Streamlit answers with a run of that page and
// query. The address alone says what is shown: a click in the navigation takes the filters along in the address.
// Everything else (middle click, a copied address, no script) is an ordinary load of the same address.
(function () {
  const SLUGS = PAGE_SLUGS;
  const FILTERS = FILTER_NAMES;
  const NAVIGATION_LINKS =
    "[data-testid=stTopNavLink], [data-testid=stTopNavDropdownLink], [data-testid=stSidebarNavLink]";
  const CLOSE_MENU = "[data-testid=stSidebarCollapseButton] button";
  const PHONE_WIDTH = 768;
  const WAIT_MILLISECONDS = 20000;
  const KEPT_ENTRIES = 50;
  const PREFIX = "kpis-entry-";
  let pending = null;

  function findApp() {
    return document.querySelector("[data-testid=stApp]");
  }

  function findScroller() {
    return document.querySelector("[data-testid=stMain]");
  }

  // The page of an address: its slug, "" for the first page; null where the address is no page of ours.
  function findSlug(url) {
    const base = new URL(window.__streamlit.MAIN_PAGE_BASE_URL);
    if (url.origin !== base.origin || !url.pathname.startsWith(base.pathname)) return null;
    const slug = url.pathname.slice(base.pathname.length).replace(/\/$/, "");
    return SLUGS.includes(slug) ? slug : null;
  }

  function takeFiltersAlong(url) {
    const current = new URLSearchParams(location.search);
    for (const name of FILTERS) if (current.has(name)) url.searchParams.set(name, current.get(name));
  }

  function getEntryKey() {
    return PREFIX + (window.navigation?.currentEntry?.key ?? location.href);
  }

  // A part that can be opened, by its words and its place among those with the same words.
  function listParts() {
    const counts = {};
    return Array.from(document.querySelectorAll(".kpis details")).map(function (part) {
      const words = part.querySelector("summary")?.textContent ?? "";
      counts[words] = (counts[words] ?? 0) + 1;
      return { part, name: counts[words] + " " + words };
    });
  }

  function storePlace() {
    const scroller = findScroller();
    if (!scroller || pending) return;
    const toggled = listParts().filter((item) => item.part.dataset.toggled).map((item) => [item.name, item.part.open]);
    try {
      sessionStorage.setItem(getEntryKey(), JSON.stringify({ top: scroller.scrollTop, toggled, at: Date.now() }));
    } catch {
      forgetOldEntries(0);
    }
  }

  function forgetOldEntries(limit) {
    const keys = Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));
    const ages = keys.map((key) => [JSON.parse(sessionStorage.getItem(key)).at ?? 0, key]).sort((a, b) => b[0] - a[0]);
    for (const [, key] of ages.slice(limit)) sessionStorage.removeItem(key);
  }

  function readPlace() {
    return JSON.parse(sessionStorage.getItem(getEntryKey()) ?? "null");
  }

  function putPlaceBack(place) {
    const toggled = new Map(place.toggled);
    for (const { part, name } of listParts()) {
      if (!toggled.has(name)) continue;
      part.dataset.toggled = "1";
      part.open = toggled.get(name);
    }
    findScroller().scrollTop = place.top;
  }

  function findTarget() {
    return location.hash ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
  }

  // What a phone folds opens where a link leads into it: the parts around the place, and the card itself.
  function showTarget(target) {
    for (let part = target; part && part.parentElement; part = part.parentElement) {
      if (part.matches("details")) part.open = true;
      for (const line of part.parentElement.children) {
        if (line === part) break;
        if (line.matches(".kpis-phone-more")) line.open = true;
      }
    }
    const own = target.querySelector(":scope > .kpis-phone-more");
    if (own) own.open = true;
    target.scrollIntoView();
  }

  function showTop() {
    const target = findTarget();
    const heading = document.querySelector(".kpis-head h1");
    if (heading) {
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
    }
    if (target) showTarget(target);
    else findScroller().scrollTop = 0;
  }

  function isComplete() {
    return findApp()?.dataset.testScriptState === "notRunning" && document.querySelector("[data-testid=kpis-ready]");
  }

  // Runs once the page of this address is complete; a later wish takes the place of an earlier one.
  function whenComplete(action) {
    const wish = { action, started: !isComplete(), until: Date.now() + WAIT_MILLISECONDS };
    pending = wish;
    const observer = new MutationObserver(check);
    function check() {
      if (pending !== wish || Date.now() > wish.until) {
        observer.disconnect();
        if (pending === wish) pending = null;
        return;
      }
      if (!isComplete()) wish.started = true;
      else if (wish.started) {
        observer.disconnect();
        requestAnimationFrame(function () {
          if (pending !== wish) return;
          pending = null;
          wish.action();
        });
      }
    }
    observer.observe(document.documentElement, {
      childList: true,
      subtree: true,
      attributes: true,
      attributeFilter: ["data-test-script-state"],
    });
  }

  function openPage(url) {
    storePlace();
    const samePage = url.pathname === location.pathname && url.search === location.search;
    history.pushState({}, "", url.href);
    if (samePage && url.hash) {
      showTop();
      return;
    }
    whenComplete(showTop);
    const event = new PopStateEvent("popstate", { state: {} });
    event.kpisLink = true;
    window.dispatchEvent(event);
  }

  document.addEventListener(
    "click",
    function (event) {
      if (event.defaultPrevented || event.button !== 0) return;
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      const link = event.target.closest?.("a[href]");
      if (!link || link.hasAttribute("download") || link.target === "_blank") return;
      const inNavigation = link.matches(NAVIGATION_LINKS);
      if (!inNavigation && !link.closest(".kpis")) return;
      const url = new URL(link.href);
      if (findSlug(url) === null) return;
      event.preventDefault();
      if (inNavigation) {
        takeFiltersAlong(url);
        // Streamlit's own handler would drop the query; it also closes the menu of a phone.
        event.stopPropagation();
        if (innerWidth < PHONE_WIDTH) document.querySelector(CLOSE_MENU)?.click();
      }
      openPage(url);
    },
    true,
  );

  window.addEventListener("popstate", function (event) {
    if (event.kpisLink) return;
    const place = readPlace();
    if (place) whenComplete(() => putPlaceBack(place));
  });

  let timer = 0;
  document.addEventListener("scroll", function () {
    clearTimeout(timer);
    timer = setTimeout(storePlace, 150);
  }, true);
  document.addEventListener("toggle", function (event) {
    if (pending || !event.target.matches?.(".kpis details")) return;
    event.target.dataset.toggled = "1";
    storePlace();
  }, true);
  window.addEventListener("pagehide", storePlace);

  forgetOldEntries(KEPT_ENTRIES);
  const isReturn = ["reload", "back_forward"].includes(performance.getEntriesByType("navigation")[0]?.type);
  const place = isReturn ? readPlace() : null;
  if (place) whenComplete(() => putPlaceBack(place));
  else if (location.hash) {
    whenComplete(function () {
      const target = findTarget();
      if (target) showTarget(target);
    });
  }
})();
