(function () {
  "use strict";
  var form = document.getElementById("survey"), status = document.getElementById("saved");
  var waiting = {}, busy = false, sent = false, leaving = false, gone = false, typing;

  function byName(name) { return form.querySelectorAll("[name='" + name + "']"); }

  function valueOf(name) {
    var fields = byName(name), i;
    for (i = 0; i < fields.length; i++) {
      if (!/radio|checkbox/.test(fields[i].type) || fields[i].checked) { return fields[i].value; }
    }
    return "";
  }

  function pair(name, value) { return encodeURIComponent(name) + "=" + encodeURIComponent(value); }

  function body(names) {
    var parts = [], hidden = form.querySelectorAll("input[type=hidden]"), i, name;
    for (i = 0; i < hidden.length; i++) {
      if (hidden[i].name !== "done") { parts.push(pair(hidden[i].name, hidden[i].value)); }
    }
    for (name in names) { parts.push(pair(name, valueOf(name))); }
    return parts.join("&");
  }

  function keep(name, value) {
    var field = byName(name)[0];
    if (field && value === undefined) { field.parentNode.removeChild(field); } else if (field) { field.value = value; }
  }

  function tell(saved) { status.textContent = status.getAttribute(saved ? "data-saved" : "data-unsaved"); }

  function learn(told) {
    var kinds = told.kinds || [];
    if (told.token) {
      keep("seen", told.seen);
      keep("proof", told.proof);
      keep("ours", told.ours);
      form.setAttribute("action", form.getAttribute("action").replace(/^[^?]*/, told.token));
      if (location.pathname.slice(-told.token.length) !== told.token && history.replaceState) {
        history.replaceState(null, "", form.getAttribute("action"));
      }
    }
    if (kinds.indexOf("danger") >= 0) { warn(); }
    if (kinds.indexOf("contact") >= 0) { document.getElementById("contact").hidden = false; }
  }

  // The warning stays at the top of the screen: the words that somebody is writing move down from under it.
  function warn() {
    var box = document.getElementById("danger"), field = document.activeElement, over;
    if (!box.hidden) { return; }
    box.hidden = false;
    if (field && field.type === "textarea") {
      over = box.getBoundingClientRect().bottom + 12 - field.getBoundingClientRect().top;
      if (over > 0) { window.scrollBy(0, -over); }
    }
  }

  function save() {
    var names = waiting, request = new XMLHttpRequest(), any = false, name;
    for (name in names) { any = true; }
    if (busy || sent || !any) { return; }
    busy = true;
    waiting = {};
    request.open("POST", form.getAttribute("action"));
    request.timeout = 20000;
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("Content-Type", "application/x-www-form-urlencoded");
    request.onloadend = function () {
      var saved = request.status === 200, again = !saved && (request.status === 0 || request.status >= 500), old;
      busy = false;
      tell(saved);
      if (saved) { learn(JSON.parse(request.responseText)); }
      if (leaving) {
        send();
      } else if (again) {
        for (old in names) { waiting[old] = true; }
        setTimeout(save, 5000);
      } else { save(); }
    };
    request.send(body(names));
  }

  // A question may be called "submit": the form's own word for it is looked up where no field hides it.
  function send() {
    if (leaving) {
      leaving = false;
      sent = true;
      HTMLFormElement.prototype.submit.call(form);
    }
  }

  function showConditional() {
    var all = form.querySelectorAll("[data-if]"), i, meets;
    for (i = 0; i < all.length; i++) {
      meets = all[i].getAttribute("data-in").split(" ").indexOf(valueOf(all[i].getAttribute("data-if"))) >= 0;
      all[i].hidden = all[i].disabled = !meets;
    }
  }

  function changed(event) {
    var name = event.target.name;
    // A tick deletes words for good: it counts only once the form is sent.
    if (!name || event.target.type === "checkbox") { return; }
    clearTimeout(typing);
    waiting[name] = true;
    showConditional();
    save();
  }

  form.addEventListener("change", changed);
  form.addEventListener("input", function (event) {
    if (event.target.type === "textarea") {
      waiting[event.target.name] = true;
      clearTimeout(typing);
      typing = setTimeout(save, 1500);
    }
  });
  form.addEventListener("submit", function (event) {
    if (sent || busy) { event.preventDefault(); }
    if (!sent && busy) {
      leaving = true;
      setTimeout(send, 4000);
    } else if (!sent) {
      sent = true;
      setTimeout(function () { sent = false; }, 8000);
    }
  });
  // Whoever goes back to a page that was sent would read its answers: it is loaded anew, without them.
  window.addEventListener("pagehide", function () { gone = sent; });
  window.addEventListener("pageshow", function (event) {
    if (event.persisted && gone) { location.reload(); }
    sent = leaving = false;
    showConditional();
  });
  document.documentElement.className = "scripted";
  showConditional();
}());
