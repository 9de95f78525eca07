// Looks at reports in a real Chromium: npm run report-test. Needs Chromium and openssl; --screenshots FOLDER keeps what it sees.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { Browser, chromium } from './chromium.mjs';
import { HOSTILE, KEY, writeReports } from './reports.mjs';

const { values: { screenshots } } = parseArgs({ options: { screenshots: { type: 'string' } } });
const program = chromium();
if (!program) {
  console.error('No Chromium was found; expected one in the path. Fix: apt-get install chromium, or name its program in CHROMIUM.');
  process.exit(2);
}
if (screenshots) mkdirSync(screenshots, { recursive: true });

/** What the docs promise. */
const [LARGEST, SLOWEST] = [15_000_000, 3_000];
const SECTIONS = ['overview', 'namespaces', 'matrix', 'graph', 'findings', 'undecided', 'certificates', 'calls'];

const counts = { passed: 0, failed: 0 };

async function check(name, hold) {
  try {
    const told = await hold();
    counts.passed++;
    console.log(`ok    ${name}${told === undefined ? '' : `: ${told}`}`);
  } catch (error) {
    counts.failed++;
    console.log(`FAIL  ${name}: ${error.message}`);
  }
}

function expect(isSo, otherwise) {
  if (!isSo) throw new Error(otherwise);
}

async function shoot(page, name) {
  if (screenshots) writeFileSync(join(screenshots, `${name.replaceAll(' ', '-')}.png`), await page.screenshot());
}

const folder = mkdtempSync(join(tmpdir(), 'report-test-'));
const browser = new Browser(program);
try {
  const reports = writeReports(folder);
  for (const [name, file] of Object.entries(reports)) await lookAt(name, file);
  await lookClosely(reports);
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed > 0 ? 1 : 0;

/** What must hold of any report. */
async function lookAt(name, file) {
  const page = await browser.open();
  const url = pathToFileURL(file).href;
  await page.look();
  await check(`${name}: is small, and opens soon`, async () => {
    const { size } = statSync(file);
    const milliseconds = Math.round(await page.goTo(url));
    expect(size <= LARGEST, `${size} bytes; expected at most ${LARGEST}`);
    expect(milliseconds <= SLOWEST, `${milliseconds} ms; expected at most ${SLOWEST}`);
    return `${(size / 1e6).toFixed(2)} MB, ${milliseconds} ms`;
  });
  await check(`${name}: all sections are there`, async () => {
    const ids = await page.evaluate('[...document.querySelectorAll("main > section")].map(({ id }) => id)');
    expect(SECTIONS.every((id) => ids.includes(id)), `only ${ids}`);
    expect(!(await page.evaluate('document.body.innerText')).match(/undefined|NaN|\[object/), 'a value that nobody meant to show');
  });
  for (const [scheme, width] of [['light', 1280], ['dark', 1280], ['light', 390]]) {
    await check(`${name}: ${scheme}, ${width} wide: nothing sticks out, and texts are told from their ground`, async () => {
      await page.look({ scheme, width });
      await shoot(page, `${name}-${scheme}-${width}`);
      const [is, has] = await page.evaluate('[document.documentElement.scrollWidth, innerWidth]');
      expect(is <= has, `${is} pixels in ${has}`);
      const faint = await page.evaluate(`(${faintTexts})()`);
      expect(faint.length === 0, faint.slice(0, 5).join('; '));
    });
  }
  await check(`${name}: a screen reader finds headings, tables, and a name for all that can be used`, async () => {
    await page.look();
    const nodes = await page.accessibility();
    expect(nodes.filter(({ role }) => role === 'heading').length > SECTIONS.length, 'too few headings');
    for (const role of ['main', 'navigation', 'table']) expect(name === 'certificates' || nodes.some((node) => node.role === role), `no ${role}`);
    const unnamed = nodes.filter(({ role, name: of }) => ['link', 'button', 'combobox', 'searchbox', 'image', 'region'].includes(role) && of.trim() === '');
    expect(unnamed.length === 0, `${unnamed.length} without a name, such as a ${unnamed[0]?.role}`);
  });
  await check(`${name}: it can be printed`, async () => {
    const { data } = await page.send('Page.printToPDF', { printBackground: true });
    expect(Buffer.from(data, 'base64').subarray(0, 5).toString() === '%PDF-', 'no PDF');
  });
  await check(`${name}: no complaint of console or policy, and no request`, async () => {
    expect(page.complaints.length === 0, page.complaints.join('; '));
    const others = page.requests.filter((one) => one !== 'about:blank' && one.split('#')[0] !== url);
    expect(others.length === 0, others.join(' '));
  });
}

async function lookClosely(reports) {
  const page = await browser.open();
  await page.look();
  const at = (name, hash = '') => page.goTo(pathToFileURL(reports[name]).href + hash);
  const text = (selector) => page.evaluate(`document.querySelector(${JSON.stringify(selector)}).innerText`);

  await check('a link leads to what it names', async () => {
    await at('boutique', '#calls?to=boutique&outcome=plaintext');
    expect((await text('#calls tbody')).includes('plaintext'), 'no plaintext');
    expect(!(await text('#calls tbody')).match(/\bmtls\b(?! there| sends)/i) && !(await text('#calls tbody')).includes('monitoring/prometheus:9090'), await text('#calls tbody'));
    expect(await page.evaluate('document.querySelector("#calls").getBoundingClientRect().top < innerHeight'), 'it is elsewhere');
  });
  await check('a choice is in the address, and the address is followed', async () => {
    await at('boutique');
    await page.evaluate('{ const select = document.querySelector("#findings select"); select.value = "warning"; select.dispatchEvent(new Event("change")); }');
    expect((await page.evaluate('location.hash')).includes('severity=warning'), await page.evaluate('location.hash'));
    await page.evaluate('new Promise((done) => { addEventListener("hashchange", () => requestAnimationFrame(done)); location.hash = "#graph?around=data"; })');
    expect((await text('#graph [role=status]')).includes('into data'), await text('#graph [role=status]'));
  });
  await check('a search leaves what has its words', async () => {
    await at('large mesh', '#findings?search=svc-17+ns-17');
    expect((await text('#findings [role=status]')).match(/^\d+ of 2,000 findings/), await text('#findings [role=status]'));
    expect((await page.evaluate('[...document.querySelectorAll("#findings li h3")].every(({ innerText }) => innerText.includes("svc-17"))')), 'others are left');
  });
  await check('what is long is shown step by step', async () => {
    await at('large mesh');
    const length = () => page.evaluate('document.querySelectorAll("#namespaces tbody tr").length');
    const before = await length();
    await page.evaluate('document.querySelector("#namespaces .more button").click()');
    expect(await length() > before, `${await length()} after ${before}`);
  });
  await check('the keyboard moves in the matrix, and follows its links', async () => {
    await at('boutique', '#matrix');
    await page.evaluate('document.querySelector(".matrix td [tabindex=\\"0\\"]").focus()');
    await page.press('ArrowRight');
    await page.press('ArrowDown');
    const label = await page.evaluate('document.activeElement.getAttribute("aria-label")');
    expect(label?.startsWith('boutique to data: '), `the focus is on ${label}`);
    const followed = page.evaluate('new Promise((done) => addEventListener("hashchange", () => done(location.hash)))');
    await page.press('Enter');
    expect((await followed).startsWith('#calls?'), await followed);
  });
  await check('each graph is drawn, both ways', async () => {
    await at('boutique', '#graph?around=boutique');
    const into = await page.evaluate('document.querySelectorAll(".node.to").length');
    await at('boutique', '#graph?around=batch&direction=out');
    const out = await page.evaluate('document.querySelectorAll(".node.to").length');
    expect(into === 7 && out >= 2, `${into} and ${out} boxes`);
    await shoot(page, 'graph out');
  });
  await check('what changed is told', async () => {
    await at('boutique', '#changes');
    expect((await text('#changes')).includes('mtls → plaintext'), await text('#changes'));
  });
  await check('certificates are told', async () => {
    await at('certificates', '#certificates');
    expect((await text('#certificates')).includes('Root CA') && (await text('#certificates')).includes('A private key, not shown'), await text('#certificates'));
  });
  await check('hostile texts are shown, and nothing of them runs', async () => {
    await at('hostile names', '#calls?from=%3Cimg+src%3Dx+onerror%3D%22window.hacked%3D8%22%3E&search=%3Cb%3E');
    await at('hostile names', '#findings?search=window.hacked');
    const found = await page.evaluate(`({
      hacked: window.hacked,
      elements: document.querySelectorAll("img, iframe, object, embed, style:not(head > style), a:not([href^='#'])").length,
      scripts: document.scripts.length,
    })`);
    expect(found.hacked === undefined && found.elements === 0 && found.scripts === 2, JSON.stringify(found));
    expect((await text('#findings')).includes(HOSTILE[1]), 'the text isn\'t there');
  });
  await check('no line of a private key is in a report', () => {
    const lines = KEY.split('\n').filter((line) => line !== '' && !line.startsWith('-'));
    for (const file of Object.values(reports)) {
      const html = readFileSync(file, 'utf8');
      expect(!lines.some((line) => html.includes(line.slice(0, 40))) && !html.includes('PRIVATE KEY'), file);
    }
  });
  await check('none of that made the page complain', () => expect(page.complaints.length === 0, page.complaints.join('; ')));
}

/** In the page: texts whose contrast with their ground is less than 4.5, as WCAG's level AA asks. */
function faintTexts() {
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  const rgb = (...layers) => {
    canvas.clearRect(0, 0, 1, 1);
    for (const layer of layers) {
      canvas.fillStyle = layer;
      canvas.fillRect(0, 0, 1, 1);
    }
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = (colour) => colour.slice(0, 3).map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
  const found = new Set();
  for (const element of document.querySelectorAll('#page *')) {
    if (![...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()) || element.closest('svg, .hidden, .skip, option')) continue;
    const grounds = [];
    for (let at = element; at; at = at.parentElement) grounds.unshift(getComputedStyle(at).backgroundColor);
    const ground = rgb('white', ...grounds);
    const [bright, dim] = [light(ground), light(rgb('white', ...grounds, getComputedStyle(element).color))].sort((left, right) => right - left);
    const contrast = (bright + 0.05) / (dim + 0.05);
    if (contrast < 4.5) found.add(`${element.localName}.${element.className}: ${contrast.toFixed(2)}`);
  }
  return [...found];
}
