// read.mjs SHOTS BOOK...: opens every page of the books in a browser as it stands on the disk, at the width of a desk and of a phone.
//
// A book passes when it asks for nothing outside itself, says nothing on the console, shows no violation to axe, scrolls nowhere
// sideways, has no link that leads nowhere, can be searched by keyboard, read without scripts, and printed.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { launch } from '../../editors/vscode/tests/e2e/browser.mjs';

const [, , shots, ...books] = process.argv;
const axe = fs.readFileSync(process.env.MANDATE_BOOK_AXE, 'utf8');
const browser = await launch();
const faults = [];

/** How each page is read: between them both widths and both colour schemes. */
const READERS = [
  { name: 'desktop', viewport: { width: 1280, height: 900 }, colorScheme: 'light' },
  { name: 'phone', viewport: { width: 390, height: 844 }, colorScheme: 'dark', reducedMotion: 'reduce' },
];

function pagesBelow(folder, before = '') {
  return fs.readdirSync(path.join(folder, before), { withFileTypes: true }).flatMap((entry) => {
    const name = before + entry.name;
    return entry.isDirectory() ? pagesBelow(folder, `${name}/`) : name.endsWith('.html') ? [name] : [];
  });
}

/** A page that tells of every request and every complaint. */
async function watched(context, where) {
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const fault = (what) => faults.push(`${where} ${page.url()}: ${what}`);
  page.on('request', (request) => request.url().startsWith('file://') || fault(`asks for ${request.url()}`));
  page.on('requestfailed', (request) => fault(`${request.url()} could not be read`));
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && fault(`console: ${message.text()}`));
  page.on('pageerror', (error) => fault(`script: ${error.message}`));
  return page;
}

async function accessible(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ['violations'], preload: false }));
  return violations.map((v) => `${v.id}: ${v.help} (${v.nodes.length}): ${v.nodes[0].html.slice(0, 160)} ${v.nodes[0].failureSummary}`);
}

/** Every page of a book; gives its links and the places they can lead to. */
async function readThrough(book, reader) {
  const context = await browser.newContext(reader);
  const page = await watched(context, reader.name);
  const read = new Map();
  for (const name of pagesBelow(book)) {
    await page.goto(pathToFileURL(path.join(book, name)).href);
    const fault = (what) => faults.push(`${reader.name} ${name}: ${what}`);
    const seen = await page.evaluate(() => ({
      wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
      lang: document.documentElement.lang,
      titles: document.querySelectorAll('h1').length,
      ids: [...document.querySelectorAll('[id]')].map((element) => element.id),
      links: [...document.querySelectorAll('a[href]')].map((a) => a.getAttribute('href')),
      handlers: [...document.querySelectorAll('*')].some((e) => e.getAttributeNames().some((n) => n.startsWith('on'))),
    }));
    if (seen.wide > 0) fault(`is ${seen.wide} px wider than the screen`);
    if (seen.lang !== 'en' || seen.titles !== 1) fault('has no language, or not one title');
    if (seen.handlers) fault('has a script in an attribute');
    if (new Set(seen.ids).size !== seen.ids.length) fault('has a place twice');
    (await accessible(page)).forEach(fault);
    read.set(name, seen);
  }
  await context.close();
  return read;
}

/** Links that lead nowhere. */
function followLinks(book, read) {
  let followed = 0;
  for (const [name, { links }] of read) {
    for (const link of links) {
      if (/^https?:/.test(link)) continue;
      const target = new URL(link, pathToFileURL(path.join(book, name)));
      const file = path.relative(book, fileURLToPath(new URL(target.pathname, target)));
      const place = decodeURIComponent(target.hash.slice(1));
      const to = read.get(file.split(path.sep).join('/'));
      if (!to) faults.push(`${name}: ${link} leads to no page`);
      else if (place && !to.ids.includes(place)) faults.push(`${name}: ${link} leads to no place of ${file}`);
      followed += 1;
    }
  }
  return followed;
}

const open = (page, book, name, query = '') => page.goto(pathToFileURL(path.join(book, name)).href + query);

async function byKeyboard(book, words, title) {
  const context = await browser.newContext(READERS[0]);
  const page = await watched(context, 'keyboard');
  await open(page, book, 'index.html');
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.className), 'skip', 'the first stop skips to the content');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'content');
  await page.keyboard.press('/');
  await page.keyboard.type(words);
  await page.keyboard.press('Enter');
  await page.waitForURL(/search\.html\?q=/);
  await page.waitForSelector('#results li');
  assert.match(await page.textContent('#status'), /^\d+ found/);
  await accessible(page).then((found) => assert.deepEqual(found, []));
  await page.screenshot({ path: path.join(shots, `${path.basename(book)}-search.png`) });
  await page.focus('#q');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.closest('#results') !== null), true, 'Enter goes to the results');
  await page.keyboard.press('Enter');
  await page.waitForSelector('article.rule h1');
  assert.equal(await page.textContent('article.rule h1'), title);
  await open(page, book, 'search.html', '?q=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E');
  assert.match(await page.textContent('#status'), /^Nothing was found for “<img/);
  await context.close();
}

async function withoutScripts(book, rule) {
  const context = await browser.newContext({ ...READERS[0], javaScriptEnabled: false });
  const page = await watched(context, 'without scripts');
  await open(page, book, 'index.html');
  await page.click('nav a:text-is("Rules")');
  await page.click(`main a[href="rules/${rule}.html"]`);
  assert.ok(await page.isVisible('.clauses .norm') && await page.isVisible('.passages blockquote'), 'rule and passage are there to read');
  await page.click('.passage .where a');
  assert.ok(await page.isVisible('.row:target'), 'the passage is found on the page of its source');
  await open(page, book, 'search.html');
  assert.ok(await page.isVisible('noscript a') || await page.isVisible('main a[href="all-rules.html"]'), 'search leads to the lists');
  await context.close();
}

async function printed(book, rule) {
  const context = await browser.newContext(READERS[0]);
  const page = await watched(context, 'print');
  await page.emulateMedia({ media: 'print' });
  for (const name of [`rules/${rule}.html`, 'all-rules.html', 'graph.html']) {
    await open(page, book, name);
    assert.equal(await page.isVisible('header.top'), false, 'no navigation on paper');
    const bytes = await page.pdf({ format: 'A4', path: path.join(shots, `${path.basename(book)}-${path.basename(name, '.html')}.pdf`) });
    assert.equal(bytes.subarray(0, 5).toString(), '%PDF-');
  }
  await open(page, book, `rules/${rule}.html`);
  const after = await page.evaluate(() => getComputedStyle(document.querySelector('.official a'), '::after').content);
  assert.match(after, /https:/, 'links are printed with where they lead');
  const [words, passages] = await Promise.all(['.words', '.passages'].map((part) => page.locator(part).boundingBox()));
  assert.ok(passages.x > words.x + 100, 'passages stand beside the rule on paper');
  await context.close();
}

async function pictures(book, rule, source) {
  for (const reader of READERS) {
    const context = await browser.newContext(reader);
    const page = await watched(context, reader.name);
    for (const name of ['index', 'rules', `rules/${rule}`, `sources/${source}`, 'coverage', 'graph', 'records', 'scenarios']) {
      await open(page, book, `${name}.html`);
      await page.screenshot({ path: path.join(shots, `${path.basename(book)}-${reader.name}-${path.basename(name)}.png`) });
    }
    await context.close();
  }
}

/** For each book: words to look for, the title they find, a rule with a passage and a link, a source. */
const KNOWN = {
  cpp: {
    words: 'stays occupied territory', title: 'Cultural property stays in occupied territory',
    rule: 'cpp.occupation.no_export_from_occupied_territory', source: 'cpp.hague_1954',
  },
  exercise_heron: {
    words: 'incidents with many children', title: 'Incidents with many children go up at once',
    rule: 'caac.reporting.report_grave_violation', source: 'exercise_heron.exercise_order',
  },
  camp: {
    words: 'runners', title: 'Those on the road are told by runners',
    rule: 'camp.warn_everybody', source: 'camp.camp_policy',
  },
};

try {
  for (const book of books) {
    const known = KNOWN[path.basename(book)];
    const [desktop] = await Promise.all(READERS.map((reader) => readThrough(book, reader)));
    const followed = followLinks(book, desktop);
    await byKeyboard(book, known.words, known.title);
    await withoutScripts(book, known.rule);
    await printed(book, known.rule);
    await pictures(book, known.rule, known.source);
    console.log(`book: ${path.basename(book)}: ${desktop.size} pages read twice, ${followed} links followed`);
  }
} catch (error) {
  faults.push(error.stack);
} finally {
  await browser.close();
}
for (const fault of faults.slice(0, 40)) console.error(`book: ${fault}`);
if (faults.length) {
  console.error(`book: ${faults.length} faults`);
  process.exit(1);
}
