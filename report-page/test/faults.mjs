// Faults that are put into reports on purpose: each must be found by the check that is named. A check that can't fail is none.
import { createHash } from 'node:crypto';
import { KEY } from './reports.mjs';

/** What a report is made of; a fault changes some of it. The policy fits script and styles again, unless it is itself at fault. */
class Parts {
  constructor(html) {
    const [, before, styles, between, data, script, after] = /^([^]*?<style>)([^]*?)(<\/style>[^]*?id="data">)([^<]*)(?:<\/script>\n<script>)([^]*?)(<\/script>\n<\/body>[^]*)$/.exec(html);
    Object.assign(this, { before, styles, between, data, script, after });
  }

  get html() {
    const hash = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    const before = this.before.replace(/script-src '[^']*'/, `script-src ${hash(this.script)}`).replace(/style-src '[^']*'/, `style-src ${hash(this.styles)}`);
    return `${before}${this.styles}${this.between}${this.data}</script>\n<script>${this.script}${this.after}`;
  }
}

const style = (css) => (html) => {
  const parts = new Parts(html);
  parts.styles += css;
  return parts.html;
};

/** Runs after the page's own script. */
const then = (code) => (html) => {
  const parts = new Parts(html);
  parts.script += `\n;${code}`;
  return parts.html;
};

/** Runs before it. */
const first = (code) => (html) => {
  const parts = new Parts(html);
  parts.script = `${code};\n${parts.script}`;
  return parts.html;
};

const data = (change) => (html) => {
  const parts = new Parts(html);
  parts.data = change(parts.data);
  return parts.html;
};

const POLICY = 'its policy lets nothing run or load but its own';
const QUIET = 'no complaint of console or policy, and no request';
const looks = (scheme, width) => `${scheme}, ${width} wide: nothing is lost, and texts are told from their ground`;
const NAMES = 'a screen reader finds headings, tables, and a name for all that can be used';
const KEYBOARD = 'the keyboard reaches all that takes clicks';
const NUMBERS = 'its numbers are those of its data';
const PRINTED = 'it is printed whole';
const SEARCH = 'a search says how many it has found, and where there are none';
const LINKS = 'links lead to what they name';
const HOSTILE_TEXTS = 'hostile texts are shown, and nothing of them runs';
const COLUMNS = 'the outcomes with sidecars and without are in columns';
const BRANCHES = 'calls show their outcome in each case, and each finds them';
const KNOWN = 'known and acknowledged findings are marked, counted and filtered';

/** What is wrong, in which report, how, and which check must find it. */
export const FAULTS = [
  ['a script of somebody else\'s', 'boutique', (html) => html.replace('</body>', '<script>window.other = 1</script></body>'), POLICY],
  ['the console complains of that script', 'boutique', (html) => html.replace('</body>', '<script>window.other = 1</script></body>'), QUIET],
  ['an image from elsewhere', 'boutique', (html) => html.replace('</body>', '<img src="http://127.0.0.1:9/x.png" alt=""></body>'), QUIET],
  ['no policy', 'boutique', (html) => html.replace(/<meta http-equiv[^>]*>\n/, ''), POLICY],
  ['a policy that lets all scripts run', 'boutique', (html) => html.replace(/script-src '[^']*'/, 'script-src \'unsafe-inline\''), POLICY],
  ['texts in the JSON that end its element', 'hostile names', (html) => html.replaceAll('\\u003c', '<'), HOSTILE_TEXTS],
  ['texts that are written as markup', 'hostile names', (html) => then('document.querySelector("#findings .findings").innerHTML += JSON.parse(document.getElementById("data").textContent).findings.map((one) => one.actual).join("")')(html)
    .replace(/; require-trusted-types-for 'script'; trusted-types 'none'/, ''), HOSTILE_TEXTS],
  ['a line of a private key', 'boutique', data((json) => json.replace('"paths":["', `"paths":["${KEY.split('\n')[2]}`)), 'no line of a private key is in it'],
  ['a paragraph wider than a phone', 'boutique', style('.about{width:500px}'), looks('light', 375)],
  ['a paragraph wider than a screen', 'boutique', style('.about{min-width:1400px}'), looks('light', 1280)],
  ['a table that sticks out of its card', 'boutique', style('.scrolls{overflow:visible}'), looks('light', 375)],
  ['headings that are cut off on a phone', 'boutique', style('@media (max-width:640px){h2{width:60px;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}}'), looks('dark', 375)],
  ['texts that are cut off below', 'boutique', style('.about{height:10px;overflow:hidden}'), looks('light', 1280)],
  ['a region that scrolls without a name', 'boutique', then('for (const one of document.querySelectorAll(".scrolls")) one.removeAttribute("aria-label")'), looks('light', 375)],
  ['faint texts', 'boutique', style('.about{color:#9a9a9a}'), looks('light', 1280)],
  ['texts that are faint in the dark alone', 'boutique', style(':root{--soft:light-dark(#566170,#4a5562)}'), looks('dark', 1280)],
  ['a choice without a label', 'boutique', then('for (const label of document.querySelectorAll("label")) label.replaceWith(...label.querySelectorAll("select,input"))'), NAMES],
  ['links without a name', 'boutique', then('for (const one of document.querySelectorAll(".matrix a")) { one.removeAttribute("aria-label"); one.removeAttribute("title"); one.textContent = ""; }'), NAMES],
  ['counts that no screen reader tells', 'boutique', then('for (const one of document.querySelectorAll("[role=status]")) one.removeAttribute("role")'), NAMES],
  ['a button that is a mere element', 'boutique', then('for (const one of document.querySelectorAll("thead button")) { const span = document.createElement("span"); span.textContent = one.textContent; span.addEventListener("click", () => {}); one.replaceWith(span); }'), KEYBOARD],
  ['a control that the tabulator passes over', 'boutique', then('document.querySelector("input[type=search]").tabIndex = -1'), KEYBOARD],
  ['the focus is caught', 'boutique', then('addEventListener("keydown", (event) => { if (event.key === "Tab" && document.activeElement.localName === "select") event.preventDefault(); })'), 'the tabulator reaches every control'],
  ['arrow keys that do nothing', 'boutique', first('addEventListener("keydown", (event) => { if (event.key.startsWith("Arrow")) event.stopImmediatePropagation(); }, true)'), 'the keyboard moves in the matrix, and follows its links'],
  ['a count that isn\'t that of the calls', 'boutique', data((json) => json.replace(/"plaintext":(\d+)/, (_, count) => `"plaintext":${Number(count) + 1}`)), NUMBERS],
  ['a tile with another number', 'boutique', then('for (const one of document.querySelectorAll(".tiles strong")) one.textContent = one.textContent.replace(/\\d+/, (number) => Number(number) + 1)'), NUMBERS],
  ['known findings among the others', 'known findings', data((json) => { const all = JSON.parse(json); return JSON.stringify({ ...all, acknowledged: [], findings: [...all.findings, ...all.known], known: [] }).replaceAll('<', '\\u003c'); }), KNOWN],
  ['known findings that are hidden', 'known findings', style('.known{display:none}'), PRINTED],
  ['columns that are exchanged', 'partial mesh', data((json) => json.replaceAll(/"counts":\[(\d+),(\d+)/g, '"counts":[$2,$1')), COLUMNS],
  ['a presupposition that isn\'t told', 'partial mesh', data((json) => json.replace(/"Judged as if[^"]*",/, '')), COLUMNS],
  ['another outcome in a case', 'partial mesh', data((json) => json.replace('[0,"if', '[1,"if')), BRANCHES],
  ['a filter that overlooks cases', 'partial mesh', then('for (const row of document.querySelectorAll("#calls tbody tr")) if (location.hash.includes("outcome=mtls") && row.innerText.includes(" if ")) row.remove()'), BRANCHES],
  ['a condition that isn\'t shown', 'partial mesh', style('.condition{display:none}'), 'a finding shows its condition'],
  ['a paragraph wider than a narrow phone', 'partial mesh', style('.about{min-width:345px}'), 'a narrow phone loses nothing'],
  ['a filter that does nothing', 'known findings', first('history.replaceState(null, "", location.hash.replace("status=known", ""))'), KNOWN],
  ['deep links that are forgotten', 'boutique', first('history.replaceState(null, "", "#")'), LINKS],
  ['a link to a section that isn\'t there', 'boutique', then('document.querySelector(".tiles a").setAttribute("href", "#gone")'), LINKS],
  ['paper without the calls', 'boutique', style('@media print{#calls{display:none}}'), PRINTED],
  ['paper that cuts off the calls', 'boutique', style('@media print{.scrolls{overflow:auto}.calls{min-width:1100px}}'), PRINTED],
  ['paper with the first lines alone', 'large mesh', first('addEventListener("beforeprint", (event) => event.stopImmediatePropagation(), true)'), PRINTED],
  ['a search that says nothing', 'boutique', then('new MutationObserver(() => { for (const one of document.querySelectorAll(".status")) if (one.textContent.startsWith("None")) one.textContent = ""; }).observe(document.body, { childList: true, subtree: true })'), SEARCH],
  ['a search that finds all', 'boutique', first('Object.defineProperty(Array.prototype, "filter", { value: function (keep, of) { const kept = []; for (const [index, one] of this.entries()) if (keep.call(of, one, index, this) && one !== "nothing-has-this-name") kept.push(one); return kept; } })'), SEARCH],
  ['a value that nobody meant', 'boutique', data((json) => json.replace(/"version":"[^"]*",/, '')), 'all sections are there'],
  ['a section that is missing', 'boutique', then('document.getElementById("matrix").remove()'), 'all sections are there'],
  ['a page that takes its time', 'boutique', first('{ const end = performance.now() + 3200; while (performance.now() < end); }'), 'is small, and opens soon'],
  ['a file that is too large', 'boutique', (html) => `${html}<!--${' '.repeat(15_000_000)}-->`, 'is small, and opens soon'],
];
