"use strict";
(function () {
  var root = document.documentElement;
  var byId = function (id) { return document.getElementById(id); };

  // The theme follows the system until somebody chooses; the choice is kept
  // where the browser allows it.
  var themes = ["automatic", "light", "dark"];
  var button = byId("theme");
  var remembered = function () { try { return localStorage.getItem("lockstep-theme"); } catch (e) { return null; } };
  var show = function (theme) {
    if (theme === "automatic") { root.removeAttribute("data-theme"); } else { root.setAttribute("data-theme", theme); }
    button.textContent = "Theme: " + theme;
    button.value = theme;
  };
  button.hidden = false;
  show(themes.indexOf(remembered()) < 0 ? "automatic" : remembered());
  button.addEventListener("click", function () {
    var next = themes[(themes.indexOf(button.value) + 1) % themes.length];
    try { localStorage.setItem("lockstep-theme", next); } catch (e) { /* a private window */ }
    show(next);
  });

  // The filters: without a script everything is shown.
  var filters = byId("filters");
  if (!filters) { return; }
  var text = byId("filter-text"), type = byId("filter-type"), region = byId("filter-region");
  var levels = Array.prototype.slice.call(filters.querySelectorAll("input[name=level]"));
  var items = Array.prototype.map.call(document.querySelectorAll("#list > details"), function (element) {
    return {
      element: element,
      level: element.dataset.level,
      type: element.dataset.type,
      regions: element.dataset.regions.split(" "),
      text: element.textContent.toLowerCase()
    };
  });

  var matches = function (item, on, words) {
    return on.indexOf(item.level) >= 0 &&
      (type.value === "" || item.type === type.value) &&
      (region.value === "" || item.regions.indexOf(region.value) >= 0) &&
      words.every(function (word) { return item.text.indexOf(word) >= 0; });
  };
  var apply = function () {
    var on = levels.filter(function (box) { return box.checked; }).map(function (box) { return box.value; });
    var words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    var shown = 0;
    items.forEach(function (item) {
      var keep = matches(item, on, words);
      item.element.hidden = !keep;
      shown += keep ? 1 : 0;
    });
    byId("shown").textContent = shown + " of " + items.length + " shown";
    byId("none").hidden = shown > 0;
  };
  [text, type, region].concat(levels).forEach(function (control) {
    control.addEventListener("input", apply);
    control.addEventListener("change", apply);
  });
  byId("filter-reset").addEventListener("click", function () {
    text.value = type.value = region.value = "";
    levels.forEach(function (box) { box.checked = true; });
    apply();
    text.focus();
  });
  var all = byId("open-all");
  all.addEventListener("click", function () {
    var open = all.getAttribute("aria-pressed") !== "true";
    all.setAttribute("aria-pressed", String(open));
    all.textContent = open ? "Close all" : "Open all";
    items.forEach(function (item) { item.element.open = open; });
  });
  document.addEventListener("keydown", function (event) {
    var typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) { event.preventDefault(); text.focus(); }
    if (event.key === "Escape" && event.target === text) { text.value = ""; apply(); }
  });
  filters.hidden = false;
  apply();
})();
