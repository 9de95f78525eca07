// A picture of what a command prints on a terminal: its colours as SVG, its text as text.

const CELL = { width: 7.8, height: 18, font: 13 };
const MARGIN = { side: 18, top: 44, bottom: 16 };
const COLOURS = { 31: '#ff7b72', 32: '#7ee787', 33: '#e3b341', 34: '#79c0ff', 35: '#d2a8ff', 36: '#76e3ea' };
const [GROUND, INK, FAINT] = ['#0d1117', '#e6edf3', '#8b949e'];
// eslint-disable-next-line no-control-regex
const STYLE = /\u001b\[(\d+)m/;
/** What has no two blanks in it: more than one is taken for one where a picture is drawn. */
const WORDS = /\S+(?: \S+)*/g;

const escaped = (text) => text.replace(/[&<>]/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[character]);

/** Parts of a line, each of one style, with the column in which it begins. */
function partsOf(line) {
  const parts = [];
  let [column, style] = [0, {}];
  line.split(STYLE).forEach((piece, index) => {
    if (index % 2 === 1) {
      style = styled(style, Number(piece));
      return;
    }
    for (const { 0: text, index: at } of piece.matchAll(WORDS)) parts.push({ column: column + [...piece.slice(0, at)].length, text, ...style });
    column += [...piece].length;
  });
  return parts;
}

function styled(style, code) {
  if (code in COLOURS) return { ...style, colour: COLOURS[code] };
  if (code === 39) return { ...style, colour: undefined };
  if (code === 1) return { ...style, isBold: true };
  if (code === 2) return { ...style, colour: FAINT };
  if (code === 22) return { ...style, isBold: false, colour: undefined };
  if (code === 0) return {};
  throw new Error(`style ${code} of a terminal is none that is drawn here; expected a colour, bold or faint`);
}

/**
 * @param {string} title what the picture shows, for those who can't see it
 * @param {string} text as it is printed, with the escapes of colours
 */
function terminalSvg(title, text) {
  const lines = text.trimEnd().split('\n').map(partsOf);
  const columns = Math.max(...lines.flat().map(({ column, text: part }) => column + [...part].length));
  const [width, height] = [Math.ceil(columns * CELL.width) + 2 * MARGIN.side, lines.length * CELL.height + MARGIN.top + MARGIN.bottom];
  const drawn = lines.flatMap((parts, row) => parts.map(({ column, text: part, colour, isBold }) => {
    const [x, y] = [(MARGIN.side + column * CELL.width).toFixed(1), MARGIN.top + (row + 1) * CELL.height - 5];
    const fit = `textLength="${([...part].length * CELL.width).toFixed(1)}"`; // so that columns hold in any font
    return `  <text x="${x}" y="${y}" ${fit}${colour ? ` fill="${colour}"` : ''}${isBold ? ' font-weight="bold"' : ''}>${escaped(part)}</text>`;
  }));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title">`,
    `  <title id="title">${escaped(title)}</title>`,
    `  <rect width="${width}" height="${height}" rx="10" fill="${GROUND}"/>`,
    ...['#ff5f57', '#febc2e', '#28c840'].map((colour, index) => `  <circle cx="${22 + index * 20}" cy="22" r="6" fill="${colour}"/>`),
    `  <g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${CELL.font}" fill="${INK}">`,
    ...drawn, '  </g>', '</svg>', '',
  ].join('\n');
}

module.exports = { terminalSvg };
