import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bookPage, follow } from '../../src/views/bookPage';

const frame = { nonce: 'n0nce', cspSource: 'https://editor.example', base: 'https://editor.example/book/', script: 'https://editor.example/book.js' };

test('a page of the book keeps its style and loses its scripts', () => {
  const html = '<!DOCTYPE html><html><head><link rel="stylesheet" href="book.css"><script defer src="book.js"></script></head><body><p>Text</p><SCRIPT>\nalert(1)</SCRIPT ></body></html>';
  const text = bookPage(html.replace('</SCRIPT >', '</SCRIPT>'), frame, 'a"b');
  assert.match(text, /<link rel="stylesheet" href="book\.css">/);
  assert.equal(text.match(/<script/gi)?.length, 1);
  assert.match(text, /script-src &#39;nonce-n0nce&#39;/);
  assert.match(text, /<base href="https:\/\/editor\.example\/book\/">/);
  assert.match(text, /data-anchor="a&#34;b"><\/script><\/body>/);
});

test('links are followed inside the book only', () => {
  assert.deepEqual(follow('index.html', 'rules/a.html#x%20y'), { page: 'rules/a.html', anchor: 'x y' });
  assert.deepEqual(follow('rules/a.html', '../records.html#r'), { page: 'records.html', anchor: 'r' });
  for (const out of ['../secret.html', 'a.txt', '..%2Fa.html', 'x\\..\\a.html']) {
    assert.equal(follow('index.html', out), undefined, out);
  }
});
