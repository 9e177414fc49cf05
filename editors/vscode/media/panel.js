// Runs inside the panel: lights up what belongs together, and tells the extension what was clicked.
(function () {
  'use strict';
  const editor = acquireVsCodeApi();
  const svg = document.querySelector('svg');
  const nodes = [...document.querySelectorAll('.node')];
  const edges = [...document.querySelectorAll('.edge')];
  const find = document.getElementById('find');

  /** Lights the parts named, the lines between them and `around`, and all that those lead to; nothing named: everything is plain. */
  function light(ids, withNeighbours) {
    const lit = new Set(ids);
    svg?.classList.toggle('some', ids !== undefined);
    for (const edge of edges) {
      const { from, to } = edge.dataset;
      const on = ids !== undefined && (withNeighbours ? ids.includes(from) || ids.includes(to) : ids.includes(from) && ids.includes(to));
      edge.classList.toggle('lit', on);
      if (on) {
        lit.add(from);
        lit.add(to);
      }
    }
    nodes.forEach((node) => node.classList.toggle('lit', ids !== undefined && lit.has(node.dataset.id)));
  }

  function search() {
    const wanted = find.value.trim().toLowerCase();
    light(wanted === '' ? undefined : nodes.filter((node) => node.getAttribute('aria-label').toLowerCase().includes(wanted)).map((node) => node.dataset.id), true);
  }

  for (const node of nodes) {
    const go = () => editor.postMessage({ go: 'node', id: node.dataset.id });
    node.addEventListener('click', go);
    node.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' || event.key === ' ') {
        event.preventDefault();
        go();
      }
    });
    node.addEventListener('mouseenter', () => light([node.dataset.id], true));
    node.addEventListener('focus', () => light([node.dataset.id], true));
    node.addEventListener('mouseleave', search);
    node.addEventListener('blur', search);
  }
  find.addEventListener('input', search);
  document.getElementById('again').addEventListener('click', () => editor.postMessage({ go: 'again' }));
  for (const button of document.querySelectorAll('.go')) {
    const { rule, file, line } = button.dataset;
    button.addEventListener('click', () => editor.postMessage(rule === undefined ? { go: 'line', file, line: Number(line) } : { go: 'node', id: rule }));
  }
})();
