/** Let the arrow keys walk through a group of buttons that is one stop of the Tab key. */
export function rove(group, { columns = null, onleave = () => {} } = {}) {
  group.addEventListener("keydown", (event) => {
    const items = itemsOf(group);
    const from = items.indexOf(event.target);
    const step = stepOf(event, columns?.() ?? null);
    if (from < 0 || step === null) return;
    const to = step === "start" ? 0 : step === "end" ? items.length - 1 : from + step;
    if (columns === null) items[(to + items.length) % items.length].focus();
    else if (items[to]) items[to].focus();
    else onleave(step);
    event.preventDefault();
    event.stopPropagation();
  });
  group.addEventListener("focusin", ({ target }) => {
    if (itemsOf(group).includes(target)) setStop(group, target);
  });
}

/** Make one button of the group the stop of the Tab key, by default the first. */
export function setStop(group, stop = itemsOf(group)[0]) {
  for (const item of itemsOf(group)) item.tabIndex = item === stop ? 0 : -1;
}

function itemsOf(group) {
  return [...group.querySelectorAll("button:not(:disabled, [hidden])")];
}

function stepOf({ key }, columns) {
  if (key === "Home") return "start";
  if (key === "End") return "end";
  if (key === "ArrowRight") return 1;
  if (key === "ArrowLeft") return -1;
  if (key === "ArrowDown") return columns ?? 1;
  return key === "ArrowUp" ? -(columns ?? 1) : null;
}
