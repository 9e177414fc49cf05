// Runs inside a page of the policy book: links inside the book are followed by the extension, which has the pages.
(function () {
  'use strict';
  const editor = acquireVsCodeApi();
  document.addEventListener('click', (event) => {
    const href = event.target.closest?.('a[href]')?.getAttribute('href');
    if (href === undefined || href === null || /^[a-z][a-z0-9+.-]*:/i.test(href)) {
      return;
    }
    event.preventDefault();
    if (href.startsWith('#')) {
      document.getElementById(decodeURIComponent(href.slice(1)))?.scrollIntoView();
    } else {
      editor.postMessage({ follow: href });
    }
  });
  const anchor = document.currentScript.dataset.anchor;
  if (anchor !== '') {
    document.getElementById(anchor)?.scrollIntoView();
  }
})();
