// The map and the table of places point at each other: under the pointer, and under the focus.

function mark(number, isOn) {
  for (const each of document.querySelectorAll(`[data-place="${number}"]`)) {
    each.classList.toggle("is-pointed-at", isOn);
    const point = each.closest(".map-point");
    // What comes last is painted last: the point in question lies on top of the others.
    if (isOn && point && point.nextElementSibling?.matches(".map-point") && !point.matches(":focus-within, :hover")) {
      point.parentElement.querySelector(".map-scale").before(point);
    }
  }
}

function follow(start, end) {
  document.addEventListener(start, (event) => {
    const place = event.target.closest?.("[data-place]");
    if (place) mark(place.dataset.place, true);
  });
  document.addEventListener(end, (event) => {
    const place = event.target.closest?.("[data-place]");
    if (place && !place.contains(event.relatedTarget)) mark(place.dataset.place, false);
  });
}

follow("pointerover", "pointerout");
follow("focusin", "focusout");
