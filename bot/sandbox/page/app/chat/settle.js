/**
 * Make these nodes the children of an element without touching those that stay: a node that leaves the page for a
 * moment loses its focus, and a video stops.
 */
export function settle(element, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...element.childNodes]) if (!wanted.has(child)) child.remove();
  let cursor = element.firstChild;
  for (const node of nodes) {
    if (node === cursor) cursor = cursor.nextSibling;
    else element.insertBefore(node, cursor);
  }
}

/** The same for nodes drawn anew: an old child that looks the same stays in the new one's place. */
export function settleDrawn(element, nodes) {
  const old = [...element.childNodes];
  settle(
    element,
    nodes.map((node, index) => (old[index]?.isEqualNode(node) ? old[index] : node)),
  );
}
