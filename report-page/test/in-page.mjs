// What runs in a page: each function is sent there as its text, so it can't use anything from outside.

/** Texts whose contrast with their ground is less than 4.5, as WCAG's level AA asks. */
export function faintTexts() {
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
  const known = new Map(); // of layers: thousands of texts have the same
  const contrastOf = (grounds, colour) => {
    const key = JSON.stringify([grounds, colour]);
    if (!known.has(key)) {
      const [bright, dim] = [light(rgb('white', ...grounds)), light(rgb('white', ...grounds, colour))].sort((left, right) => right - left);
      known.set(key, (bright + 0.05) / (dim + 0.05));
    }
    return known.get(key);
  };
  const found = new Set();
  for (const element of document.querySelectorAll('#page *')) {
    if (![...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()) || element.closest('svg, .hidden, .skip, option')) continue;
    const grounds = [];
    for (let at = element; at; at = at.parentElement) grounds.unshift(getComputedStyle(at).backgroundColor);
    const contrast = contrastOf(grounds.filter((ground) => ground !== 'rgba(0, 0, 0, 0)'), getComputedStyle(element).color);
    if (contrast < 4.5) found.add(`${element.localName}.${element.className}: ${contrast.toFixed(2)}`);
  }
  return [...found];
}

/**
 * What is beyond the edges of a screen, or of paper, and what is cut off. On a screen, a region with a name that the keyboard
 * reaches may scroll; paper doesn't scroll. The width is handed in: where a phone's page is too wide, innerWidth grows with it.
 */
export function lostAtEdges(width, isPaper) {
  const found = new Set();
  const nameOf = (element) => `${element.localName}${element.id ? `#${element.id}` : ''}${element.classList.length > 0 ? `.${[...element.classList].join('.')}` : ''}`;
  const add = (element, what) => found.add(`${nameOf(element)} in ${element.closest('section, header, nav')?.id || 'the head of the page'} ${what}`);
  const wide = document.documentElement.scrollWidth;
  if (wide > width) found.add(`the page is ${wide} pixels wide; expected at most ${width}`);
  const styles = new Map();
  const clipsOf = (element) => {
    if (!styles.has(element)) {
      const { overflowX, overflowY } = getComputedStyle(element);
      styles.set(element, overflowX === 'visible' && overflowY === 'visible' ? undefined : /auto|scroll/.test(overflowX) ? 'scrolls' : 'cuts');
    }
    return styles.get(element);
  };
  const isNamed = (element) => element.getAttribute('role') === 'region' && element.getAttribute('aria-label') && element.tabIndex >= 0;
  const root = document.getElementById('page');
  for (const element of root.querySelectorAll('*')) {
    if (element.closest('svg svg, svg *, .hidden, .skip, option')) continue;
    const box = element.getBoundingClientRect();
    if (box.width === 0 || box.height === 0) continue;
    let clip = element.parentElement;
    while (clip !== root && !clipsOf(clip)) clip = clip.parentElement;
    if (clip === root) {
      if (box.right > width + 1 || box.left < -1) add(element, `ends at ${Math.round(box.right)} of ${width} pixels`);
    } else if (clipsOf(clip) === 'scrolls' && !isPaper) {
      if (clip.scrollWidth > clip.clientWidth + 1 && !isNamed(clip)) add(clip, 'scrolls, but has no name or isn\'t reached by the keyboard');
    } else {
      const edge = clip.getBoundingClientRect();
      const range = document.createRange();
      for (const node of element.childNodes) {
        if (node.nodeType !== 3 || !node.data.trim()) continue;
        range.selectNodeContents(node);
        const text = range.getBoundingClientRect();
        if (text.right > edge.right + 2 || text.left < edge.left - 2 || text.bottom > edge.bottom + 4 || text.top < edge.top - 4) add(element, 'has a text that is cut off');
      }
    }
    if (isPaper && clipsOf(element) && element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0) add(element, 'is cut off on paper');
    // A text that its own element cuts off.
    if (clipsOf(element) === 'cuts' && !element.matches('.bar, select, input') && [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim())
      && (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 4)) add(element, 'cuts off its text');
  }
  return [...found];
}

/** Controls that the tabulator passes over. Of the matrix's cells one is in its order: arrow keys move on. */
export function unreachedControls() {
  const found = [...document.querySelectorAll('#page :is(a[href], button, select, input, summary)')].filter((control) => control.tabIndex < 0 && !control.closest('.matrix'));
  const grids = [...document.querySelectorAll('#page .matrix')].filter((grid) => grid.querySelectorAll('tbody [tabindex="0"]').length !== 1);
  return [...found, ...grids].map(({ localName, className }) => `${localName}.${className}`);
}

/** Whether an element that takes clicks is one that the keyboard presses, too. */
export function isPressed() {
  return !this.closest || !this.closest('#page') || this.matches('button, a[href], summary, input, select, svg a');
}

/** Lines that paper should have, and which of them it hasn't. */
export function printedLines() {
  const lines = (selector) => [...document.querySelectorAll(selector)];
  const shown = (selector) => lines(selector).filter((line) => line.getClientRects().length > 0 && getComputedStyle(line).visibility === 'visible').length;
  return {
    sections: shown('main > section'),
    calls: shown('#calls tbody tr'),
    findings: shown('#findings .findings > li'),
    namespaces: shown('#namespaces tbody tr'),
    folded: lines('details:not(.long)').filter(({ open, childElementCount }) => !open || childElementCount < 2).length,
  };
}
