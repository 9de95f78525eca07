// What must hold of any report. Each check throws if it doesn't, and gives what there is to tell.
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { faintTexts, isPressed, lostAtEdges, printedLines, unreachedControls } from './in-page.mjs';
import { KEY } from './reports.mjs';

/** What the docs promise. */
const [LARGEST, SLOWEST] = [15_000_000, 3_000];
const SECTIONS = ['overview', 'namespaces', 'matrix', 'graph', 'findings', 'undecided', 'certificates', 'calls'];
const OUTCOMES = ['mtls', 'tls', 'plaintext', 'broken', 'undecided'];
/** A4, upright, with margins of a centimetre. */
const PAPER = 718;

export function expect(isSo, otherwise) {
  if (!isSo) throw new Error(otherwise);
}

function expectNone(faults) {
  expect(faults.length === 0, `${faults.slice(0, 5).join('; ')}${faults.length > 5 ? `; and ${faults.length - 5} more` : ''}`);
}

/** A report's file, and the page that shows it. */
export class View {
  constructor(page, name, file) {
    Object.assign(this, { page, name, file, url: pathToFileURL(file).href, html: readFileSync(file, 'utf8') });
  }

  /** What the page holds, as far as it can be read. */
  get data() {
    return JSON.parse(/<script type="application\/json" id="data">([^<]*)<\/script>/.exec(this.html)[1]);
  }

  at(hash = '') {
    return this.page.goTo(this.url + hash);
  }

  text(selector) {
    return this.page.evaluate(`document.querySelector(${JSON.stringify(selector)})?.innerText ?? ''`);
  }

  /** Calls a function in the page. */
  ask(made, ...args) {
    return this.page.evaluate(`(${made})(...${JSON.stringify(args)})`);
  }
}

/** By their names; in an order in which each leaves the page to the next as it wants it. */
export const CHECKS = {
  'is small, and opens soon': opensSoon,
  'its policy lets nothing run or load but its own': hasPolicy,
  'all sections are there': hasSections,
  'its numbers are those of its data': hasRightNumbers,
  'light, 1280 wide: nothing is lost, and texts are told from their ground': (view) => looksRight(view, 'light', 1280),
  'dark, 1280 wide: nothing is lost, and texts are told from their ground': (view) => looksRight(view, 'dark', 1280),
  'light, 375 wide: nothing is lost, and texts are told from their ground': (view) => looksRight(view, 'light', 375),
  'dark, 375 wide: nothing is lost, and texts are told from their ground': (view) => looksRight(view, 'dark', 375),
  'a screen reader finds headings, tables, and a name for all that can be used': hasNames,
  'the keyboard reaches all that takes clicks': isReached,
  'links lead to what they name': hasLiveLinks,
  'a search says how many it has found, and where there are none': tellsFound,
  'it is printed whole': isPrinted,
  'no line of a private key is in it': hasNoKey,
  'no complaint of console or policy, and no request': isQuiet,
};

/** What else runs on the machine only adds to the time: the shortest of three counts. */
async function opensSoon(view) {
  const { size } = statSync(view.file);
  let milliseconds = Infinity;
  for (let turn = 0; turn < 3 && milliseconds > SLOWEST; turn++) milliseconds = Math.min(milliseconds, Math.round(await view.at()));
  expect(size <= LARGEST, `${size} bytes; expected at most ${LARGEST}`);
  expect(milliseconds <= SLOWEST, `${milliseconds} ms; expected at most ${SLOWEST}`);
  return `${(size / 1e6).toFixed(2)} MB, ${milliseconds} ms`;
}

function hasPolicy({ html }) {
  const [head] = html.split('<style>');
  const policy = /<meta http-equiv="Content-Security-Policy" content="([^"]*)">/.exec(head)?.[1];
  expect(policy !== undefined, 'there is none before the styles');
  const hash = (tag) => `'sha256-${createHash('sha256').update(new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(html)?.[1] ?? '').digest('base64')}'`;
  const expected = `default-src 'none'; script-src ${hash('script')}; style-src ${hash('style')}; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'`;
  expect(policy === expected, `it is ${policy}; expected ${expected}`);
  const outside = html.replace(/<(script|style)\b[^>]*>[^]*?<\/\1>/g, (whole, tag) => `<${tag}>`);
  const tags = [...outside.matchAll(/<([a-z]+)/g)].map(([, tag]) => tag).sort().join(' ');
  expect(tags === 'body div head html meta meta meta meta meta noscript script script style title', `its tags are ${tags}`);
}

async function hasSections(view) {
  await view.at();
  const ids = await view.page.evaluate('[...document.querySelectorAll("main > section")].map(({ id }) => id)');
  expect(SECTIONS.every((id) => ids.includes(id)), `only ${ids}`);
  const [odd] = /undefined|NaN|\[object/.exec(await view.page.evaluate('document.body.innerText')) ?? [];
  expect(odd === undefined, `it shows ${odd}`);
}

/** Counts anew what the page has counted. */
async function hasRightNumbers(view) {
  await view.at();
  const { data } = view;
  const { bases, clients, paths } = data.traffic;
  const sizeOfRuns = (runs) => runs.reduce((sum, end, index) => sum + (index % 2 === 1 ? end + 1 : -end), 0);
  const sizeOf = (set) => set.only?.length ?? sizeOfRuns(bases[set.base]) - (set.without?.length ?? 0);
  const counts = OUTCOMES.map((_, outcome) => paths.reduce((sum, path) => sum + (path[4] === outcome ? sizeOf(clients[path[1]]) : 0), 0));
  expect(OUTCOMES.every((outcome, index) => data.outcomes[outcome] === counts[index]), `${JSON.stringify(data.outcomes)} are told; its paths have ${counts}`);
  const number = (text) => Number(text.replaceAll(',', ''));
  const tiles = await view.page.evaluate('[...document.querySelectorAll(".tiles li")].map((tile) => tile.innerText)');
  const tile = (word) => number(/[\d,]+/.exec(tiles.find((text) => text.includes(word)) ?? '')?.[0] ?? 'none');
  const all = counts.reduce((sum, count) => sum + count, 0);
  const ofSeverity = (severity) => data.findings.filter((finding) => finding.severity === severity).length;
  const wanted = [
    ['workload', all], ['possible in plaintext', counts[2]], ['by an error', data.broken.error + data.broken.warning],
    ...data.broken.info > 0 ? [['only infos', counts[3] - data.broken.error - data.broken.warning]] : [], ['undecided', counts[4]], [`and ${ofSeverity('warning').toLocaleString('en')} warning`, ofSeverity('error')],
    ...all > 0 ? [['use mutual TLS', Math.floor((100 * counts[0]) / all)]] : [],
    ...data.baseline ? [['known finding', data.known.length]] : [],
    ...data.acknowledged.length > 0 ? [['acknowledged', data.acknowledged.length]] : [],
    ...data.size.refused > 0 ? [['would be rejected', data.size.refused]] : [],
  ];
  for (const [word, count] of wanted) expect(tile(word) === count, `"${word}" has ${tile(word)}; expected ${count}`);
  const [calls, findings] = [await view.text('#calls .status'), await view.text('#findings .status')];
  expect(all === 0 || number(/^[\d,]+/.exec(calls)?.[0] ?? '') === all, `of ${all} calls it says "${calls}"`);
  expect(findings.startsWith(data.findings.length === 0 ? 'No findings' : data.findings.length.toLocaleString('en')), `of ${data.findings.length} findings it says "${findings}"`);
}

async function looksRight(view, scheme, width) {
  await view.page.look({ scheme, width });
  await view.at();
  await view.shoot?.(`${scheme}-${width}`);
  const inner = await view.page.evaluate('document.documentElement.clientWidth');
  expectNone(await view.ask(lostAtEdges, Math.min(inner, width), false));
  expectNone(await view.ask(faintTexts));
}

async function hasNames(view) {
  await view.page.look();
  await view.at();
  const nodes = await view.page.accessibility();
  expect(nodes.filter(({ role }) => role === 'heading').length > SECTIONS.length - 1, 'too few headings');
  for (const role of ['main', 'navigation', ...view.data.traffic.paths.length > 0 ? ['table'] : []]) expect(nodes.some((node) => node.role === role), `no ${role}`);
  const unnamed = nodes.filter(({ role, name }) => ['link', 'button', 'combobox', 'searchbox', 'image', 'region'].includes(role) && name.trim() === '');
  expect(unnamed.length === 0, `${unnamed.length} without a name, such as a ${unnamed[0]?.role}`);
  const rows = nodes.filter(({ role }) => role === 'status').length;
  expect(rows >= 5, `only ${rows} regions tell what changes in them`);
}

async function isReached(view) {
  await view.page.look();
  await view.at();
  expectNone(await view.ask(unreachedControls));
  expectNone(await view.page.clickedElements(isPressed));
}

async function hasLiveLinks(view) {
  await view.page.look();
  await view.at();
  const links = await view.page.evaluate('[...new Set([...document.querySelectorAll("#page a")].map((link) => link.getAttribute("href")))]');
  const ids = await view.page.evaluate('[...document.querySelectorAll("main > section")].map(({ id }) => `#${id}`)');
  expectNone(links.filter((link) => !ids.includes(link.split('?')[0])).map((link) => `${link} leads nowhere`));
  const { outcomes } = view.data;
  for (const outcome of OUTCOMES.filter((one) => outcomes[one] > 0)) {
    await view.at(`#calls?outcome=${outcome}`);
    const shown = await view.page.evaluate('[...document.querySelectorAll("#calls tbody th")].map((cell) => cell.innerText)');
    // What depends on missing facts is undecided, and shows its outcome in each case.
    const isOf = (text) => text.includes(outcome) || (outcome === 'undecided' && / if .* else /.test(text));
    expect(shown.length > 0 && shown.every(isOf), `#calls?outcome=${outcome} shows ${[...new Set(shown)]}`);
    expect(await view.page.evaluate('document.querySelector("#calls").getBoundingClientRect().top < innerHeight'), `#calls?outcome=${outcome} shows another section`);
  }
}

async function tellsFound(view) {
  await view.page.look();
  await view.at();
  const lines = '[...document.querySelectorAll(":is(#namespaces, #matrix, #findings, #certificates, #calls) > [role=status]")].map((line) => line.innerText)';
  const before = await view.page.evaluate(lines);
  expect(before.length === 5 && before.every((line) => line !== ''), `before a search the views say ${JSON.stringify(before)}`);
  await view.page.type('nothing-has-this-name');
  await view.page.until('location.hash.includes("nothing-has-this-name")', 'the search in the address');
  const after = await view.page.evaluate(lines);
  expect(after.every((line, index) => /^None of|^No |^The manifests contain no/.test(line) || line === before[index]) && after.join() !== before.join(), `a search without results says ${JSON.stringify(after)}`);
  const results = await view.text('.results');
  expect((results.match(/\bno \w+/g) ?? []).length === 4, `beside the search it says ${results}`);
  await view.page.type('');
  await view.page.until('!location.hash.includes("search")', 'the empty search in the address');
  expect((await view.page.evaluate(lines)).join() === before.join(), 'after the search it doesn\'t say what it said before');
}

/** How many lines the PDF of a report may have here: that of a large mesh has some 900 pages, which take minutes on a busy machine. */
const PDF_LINES = 1000;

/** Once as paper is laid out, and once as a PDF. */
async function isPrinted(view) {
  const { data, page } = view;
  await page.look();
  await view.at();
  const { workloads, servers, paths } = data.traffic;
  const wanted = {
    calls: paths.length,
    findings: data.findings.length + data.known.length + data.acknowledged.length,
    namespaces: new Set([...workloads.map(({ namespace }) => namespace), ...paths.map((path) => servers[path[2]].namespace)]).size,
  };
  if (wanted.calls + wanted.findings <= PDF_LINES) {
    await page.evaluate(`addEventListener('beforeprint', () => { window.linesOfPdf = (${printedLines})(); })`);
    const { data: pdf } = await page.send('Page.printToPDF', { printBackground: true });
    expect(Buffer.from(pdf, 'base64').subarray(0, 5).toString() === '%PDF-', 'no PDF');
    expectLines(await page.evaluate('window.linesOfPdf'), wanted, 'the PDF');
  }
  await page.look({ width: PAPER, media: 'print' });
  await page.evaluate('dispatchEvent(new Event("beforeprint"))');
  expectLines(await view.ask(printedLines), { ...wanted, sections: SECTIONS.length + (data.changes ? 1 : 0), folded: 0 }, 'the paper');
  await view.shoot?.('print');
  expectNone(await view.ask(lostAtEdges, PAPER, true));
  await page.evaluate('dispatchEvent(new Event("afterprint"))');
  expect(await page.evaluate('document.querySelectorAll("details[open]").length') === 0, 'after printing something stays unfolded');
  await page.look();
}

function expectLines(lines, wanted, where) {
  for (const [name, count] of Object.entries(wanted)) expect(lines?.[name] === count, `${where} has ${lines?.[name]} of ${name}; expected ${count}`);
}

function hasNoKey({ html }) {
  const lines = KEY.split('\n').filter((line) => line !== '' && !line.startsWith('-'));
  expect(!lines.some((line) => html.includes(line.slice(0, 40))) && !html.includes('PRIVATE KEY'), 'one is');
}

/** What the policy says comes late on a busy machine: after the answer to a violation of ours, nothing else is on its way. */
async function isQuiet({ page, url }) {
  const OURS = 'Applying inline style';
  await page.evaluate('document.body.setAttribute("style", "--ours: 1")');
  expect(await page.complains(OURS), 'the policy says nothing of an inline style');
  const ours = page.complaints.findLastIndex((complaint) => complaint.includes(OURS));
  expectNone(page.complaints.filter((_, index) => index !== ours));
  expectNone(page.requests.filter((one) => one !== 'about:blank' && one.split('#')[0] !== url));
}
