// What must hold of single reports: which, and how to look.
import { expect } from './checks.mjs';
import { lostAtEdges } from './in-page.mjs';
import { HOSTILE } from './reports.mjs';

/** By the report and what holds of it. */
export const CLOSER_CHECKS = [
  ['boutique', 'a link leads to what it names', leads],
  ['boutique', 'a choice is in the address, and the address is followed', follows],
  ['boutique', 'a search finds clients that share a line', findsClients],
  ['large mesh', 'a search leaves what has its words', searches],
  ['large mesh', 'what is long is shown step by step, and after printing as before', isStepwise],
  ['boutique', 'the keyboard moves in the matrix, and follows its links', movesInMatrix],
  ['boutique', 'the tabulator reaches every control', tabs],
  ['boutique', 'each graph is drawn, both ways', drawsGraphs],
  ['boutique', 'what changed is told', tellsChanges],
  ['partial mesh', 'the outcomes with sidecars and without are in columns', hasColumns],
  ['partial mesh', 'calls show their outcome in each case, and each finds them', showsBranches],
  ['partial mesh', 'a finding shows its condition', showsCondition],
  ['partial mesh', 'a narrow phone loses nothing', isNarrow],
  ['certificates', 'certificates are told', tellsCertificates],
  ['known findings', 'known and acknowledged findings are marked, counted and filtered', marksKnown],
  ['hostile names', 'hostile texts are shown, and nothing of them runs', isUnharmed],
];

async function leads(view) {
  await view.at('#calls?to=boutique&outcome=plaintext');
  const rows = await view.text('#calls tbody');
  expect(rows.includes('plaintext'), 'no plaintext');
  expect(!rows.match(/\bmtls\b(?! there| sends)/i) && !rows.includes('monitoring/prometheus:9090'), rows);
  expect(await view.page.evaluate('document.querySelector("#calls").getBoundingClientRect().top < innerHeight'), 'it is elsewhere');
}

async function follows(view) {
  await view.at();
  await view.page.evaluate('{ const select = [...document.querySelectorAll("#calls label")].find((label) => label.innerText.startsWith("Outcome")).querySelector("select"); select.value = "tls"; select.dispatchEvent(new Event("change")); }');
  const hash = await view.page.evaluate('location.hash');
  expect(hash.includes('outcome=tls'), hash);
  await view.page.evaluate('location.hash = "#graph?around=data"');
  await view.page.until('document.querySelector("#graph .status").innerText.includes("into data")', 'the graph of the address');
}

async function findsClients(view) {
  await view.at('#calls?search=checkoutservice+cartservice:7070');
  const [status, rows] = [await view.text('#calls .status'), await view.text('#calls tbody')];
  expect(/^1 of \d+ connections matches, in 1 line\.$/.test(status) && rows.includes('boutique/checkoutservice'), `${status} ${rows}`);
}

async function searches(view) {
  await view.at('#findings?search=svc-17+ns-17');
  const status = await view.text('#findings .status');
  expect(/^\d+ of 2,000 findings match\.$/.test(status), status);
  expect(await view.page.evaluate('[...document.querySelectorAll("#findings li h3")].every(({ innerText }) => innerText.includes("svc-17"))'), 'others are left');
  const count = status.split(' ')[0];
  expect((await view.text('.results')).includes(`${count} findings`), await view.text('.results'));
}

async function isStepwise(view) {
  await view.at();
  const length = () => view.page.evaluate('document.querySelectorAll("#namespaces tbody tr").length');
  const before = await length();
  await view.page.evaluate('document.querySelector("#namespaces .more button").click()');
  const after = await length();
  expect(after > before, `${after} after ${before}`);
  await view.page.evaluate('document.querySelector("#namespaces .stepwise").dispatchEvent(new Event("beforeprint"))');
  expect(await length() === 100, `${await length()} are printed`);
  await view.page.evaluate('document.querySelector("#namespaces .stepwise").dispatchEvent(new Event("afterprint"))');
  expect(await length() === after, `${await length()} after printing; expected ${after}`);
}

async function movesInMatrix(view) {
  await view.at('#matrix');
  await view.page.evaluate('document.querySelector(".matrix td [tabindex=\\"0\\"]").focus()');
  await view.page.press('ArrowRight');
  await view.page.press('ArrowDown');
  const label = await view.page.evaluate('document.activeElement.getAttribute("aria-label")');
  expect(label?.startsWith('boutique to data: '), `the focus is on ${label}`);
  await view.page.press('Enter');
  await view.page.until('location.hash.startsWith("#calls?")', 'the calls of the cell');
}

async function tabs(view) {
  await view.at();
  const count = await view.page.evaluate('{ window.reached = new Set(); addEventListener("focusin", ({ target }) => reached.add(target)); [...document.querySelectorAll("#page :is(a[href], button, select, input, summary)")].filter((one) => one.tabIndex >= 0 && one.checkVisibility()).length }');
  for (let turn = 0; turn < 2 * count + 20; turn++) {
    await view.page.press('Tab');
    if (turn > 5 && await view.page.evaluate('document.activeElement === document.body')) break;
  }
  const missed = await view.page.evaluate('[...document.querySelectorAll("#page :is(a[href], button, select, input, summary)")].filter((one) => one.tabIndex >= 0 && one.checkVisibility() && !reached.has(one)).map(({ localName, textContent }) => `${localName} ${textContent.slice(0, 30)}`)');
  expect(count > 30 && missed.length === 0, `of ${count} it misses ${missed}`);
}

async function drawsGraphs(view) {
  await view.at('#graph?around=boutique');
  const into = await view.page.evaluate('document.querySelectorAll(".node.to").length');
  await view.at('#graph?around=batch&direction=out');
  const out = await view.page.evaluate('document.querySelectorAll(".node.to").length');
  expect(into === 7 && out >= 2, `${into} and ${out} boxes`);
}

async function tellsChanges(view) {
  await view.at('#changes');
  expect((await view.text('#changes')).includes('mtls → plaintext'), await view.text('#changes'));
}

/** Four calls to servers that are there, and three to one that isn't. */
async function hasColumns(view) {
  await view.at();
  const cells = await view.page.evaluate('[...document.querySelectorAll("#overview table tr")].map((row) => [...row.cells].map((cell) => cell.innerText.trim()).join(" | "))');
  const none = 'nothing in the manifests serves the port (no-endpoints)';
  const wanted = ['Outcome | with | without | expected', '✓ mtls | 3 | 0 | 1', '! plaintext | 0 | 4 | 1', '✕ broken | 1 | 0 | 2', '? undecided | 3 | 3 | 3', `${none} | 3 | 3 | 3`];
  expect(cells.join() === wanted.join(), cells.join('; '));
  const text = await view.text('#overview');
  const sentences = [
    'With and without sidecars in shop and storefront (not in the manifests)', 'Judged as if shop has sidecars, as PeerAuthentication shop/default suggests',
    'Nothing in the manifests expects sidecars in storefront.', 'connections whose outcome depends on these sidecars count as undecided', 'To state it: --injected-namespace shop',
  ];
  for (const sentence of sentences) expect(text.includes(sentence), `it doesn't say "${sentence}"`);
}

async function showsBranches(view) {
  const found = {};
  for (const outcome of ['mtls', 'tls', 'plaintext', 'broken', 'undecided']) {
    await view.at(`#calls?outcome=${outcome}`);
    found[outcome] = (await view.page.evaluate('[...document.querySelectorAll("#calls tbody th")].map((cell) => cell.innerText.trim())')).sort();
  }
  const [bank, storefront, out, shop] = [
    '✕ broken if shop has sidecars, else ! plaintext', '✓ mtls if shop and storefront have sidecars, ✕ broken if shop has sidecars and storefront has none, else ! plaintext',
    '✓ mtls if storefront has sidecars, else ! plaintext', '✓ mtls if shop has sidecars, else ! plaintext',
  ];
  const wanted = {
    mtls: [shop, storefront, out], tls: [], plaintext: [bank, storefront, out, shop], broken: [bank, storefront], undecided: [bank, storefront, out, shop, '? undecided'],
  };
  for (const [outcome, texts] of Object.entries(wanted)) expect(found[outcome].join('\n') === texts.sort().join('\n'), `${outcome}: ${found[outcome].join('; ')}`);
  const label = await view.page.evaluate('[...document.querySelectorAll("#calls label")].at(-1).innerText');
  expect(label.startsWith('Outcome in some case'), label);
  await view.at('#calls?search=storefront+none');
  expect((await view.text('#calls .status')).startsWith('1 of 7 connections matches'), await view.text('#calls .status'));
}

async function showsCondition(view) {
  await view.at('#findings?search=if+shop+has+sidecars');
  const titles = await view.page.evaluate('[...document.querySelectorAll("#findings .findings h3")].map((title) => title.innerText)');
  expect(titles.length === 1 && /^warning MTLS101 DestinationRule bank\/cart.* if shop has sidecars$/.test(titles[0]), titles.join('; '));
}

async function isNarrow(view) {
  for (const width of [360, 320]) {
    await view.page.look({ width });
    await view.at();
    const faults = await view.ask(lostAtEdges, width, false);
    expect(faults.length === 0, `${width} wide: ${faults.join('; ')}`);
  }
  await view.shoot?.('narrow');
  await view.page.look();
}

async function tellsCertificates(view) {
  await view.at('#certificates');
  const text = await view.text('#certificates');
  expect(text.includes('Root CA') && text.includes('A private key, not shown'), text);
}

async function marksKnown(view) {
  const { findings, known, acknowledged, baseline } = view.data;
  expect(findings.length > 0 && known.length > 0 && acknowledged.length > 0 && baseline.stale.length === 1, 'the report has none of a sort');
  await view.at();
  const shown = await view.page.evaluate(`Object.fromEntries(["known", "acknowledged"].map((status) => [status, [...document.querySelectorAll(\`#findings li.\${status}\`)].filter((item) => item.innerText.startsWith(status)).length]))`);
  expect(shown.known === known.length && shown.acknowledged === acknowledged.length, `marked are ${JSON.stringify(shown)} of ${known.length} and ${acknowledged.length}`);
  const text = await view.text('#findings');
  for (const part of ['goes with the old cluster', 'it goes in March', 'long-gone']) expect(text.includes(part), `it doesn't say "${part}"`);
  await view.at('#findings?status=known');
  const only = await view.page.evaluate('[...document.querySelectorAll("#findings .findings > li")].map(({ className }) => className)');
  expect(only.length === known.length && only.every((name) => name === 'known'), `of known findings it shows ${only}`);
  const cells = await view.page.evaluate('[...document.querySelectorAll("#namespaces tbody tr")].map((row) => row.lastElementChild.innerText)');
  expect(cells.reduce((sum, cell) => sum + (Number(cell) || 0), 0) === known.length, `of known findings the namespaces have ${cells}`);
}

async function isUnharmed(view) {
  await view.at('#calls?from=%3Cimg+src%3Dx+onerror%3D%22window.hacked%3D8%22%3E&search=%3Cb%3E');
  await view.at('#findings?search=window.hacked');
  const found = await view.page.evaluate(`({
    hacked: window.hacked,
    elements: document.querySelectorAll("img, iframe, object, embed, style:not(head > style), a:not([href^='#'])").length,
    scripts: document.scripts.length,
  })`);
  expect(found.hacked === undefined && found.elements === 0 && found.scripts === 2, JSON.stringify(found));
  expect((await view.text('#findings')).includes(HOSTILE[1]), 'the text isn\'t there');
}
