// A headless Chromium, driven by the DevTools protocol over pipes: Node needs no package for it.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const NAMES = [process.env.CHROMIUM, 'chromium', 'chromium-browser', 'google-chrome'];

/** The program; undefined if there is none. */
export function chromium() {
  return NAMES.find((name) => name && spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0);
}

export class Browser {
  #calls = new Map();
  #listeners = new Set();
  #last = 0;

  constructor(program) {
    this.profile = mkdtempSync(join(tmpdir(), 'report-test-'));
    const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : []; // root has no sandbox
    this.process = spawn(program, [
      '--headless=new', ...sandbox, '--disable-gpu', '--remote-debugging-pipe', '--no-first-run', '--disable-background-networking', '--disable-component-update', `--user-data-dir=${this.profile}`,
    ], { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
    let rest = '';
    this.process.stdio[4].setEncoding('utf8').on('data', (text) => {
      const messages = (rest + text).split('\0');
      rest = messages.pop();
      for (const message of messages) this.#take(JSON.parse(message));
    });
  }

  /** Opens an empty page. */
  async open() {
    const { targetId } = await this.send('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await this.send('Target.attachToTarget', { targetId, flatten: true });
    const page = new Page(this, sessionId, targetId);
    for (const domain of ['Page', 'Runtime', 'Log', 'Network', 'Accessibility', 'DOM']) await page.send(`${domain}.enable`);
    await page.send('Page.setLifecycleEventsEnabled', { enabled: true });
    return page;
  }

  send(method, params = {}, sessionId = undefined) {
    const id = ++this.#last;
    this.process.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    return new Promise((resolve, reject) => this.#calls.set(id, { resolve, reject, method }));
  }

  listen(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close() {
    const ended = new Promise((resolve) => this.process.once('exit', resolve));
    await this.send('Browser.close');
    await ended;
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }

  #take({ id, result, error, method, params, sessionId }) {
    if (id === undefined) {
      for (const listener of [...this.#listeners]) listener({ method, params, sessionId });
      return;
    }
    const call = this.#calls.get(id);
    this.#calls.delete(id);
    if (error) call.reject(new Error(`${call.method}: ${error.message}`));
    else call.resolve(result);
  }
}

/** A page, with what it complains about and asks for. */
class Page {
  /** What the console, the policy and uncaught errors say. */
  complaints = [];
  requests = [];

  constructor(browser, sessionId, targetId) {
    Object.assign(this, { browser, sessionId, targetId });
    browser.listen(({ method, params, sessionId: of }) => {
      if (of !== sessionId) return;
      if (method === 'Log.entryAdded') this.complaints.push(params.entry.text);
      if (method === 'Runtime.consoleAPICalled') this.complaints.push(JSON.stringify(params.args));
      if (method === 'Runtime.exceptionThrown') this.complaints.push(params.exceptionDetails.exception?.description ?? params.exceptionDetails.text);
      if (method === 'Page.javascriptDialogOpening') this.complaints.push(`dialog: ${params.message}`);
      if (method === 'Network.requestWillBeSent') this.requests.push(params.request.url);
    });
  }

  send(method, params) {
    return this.browser.send(method, params, this.sessionId);
  }

  /** Goes to an address and waits until it is loaded; gives the milliseconds that takes until the page is painted. */
  async goTo(url) {
    await this.load('about:blank');
    const from = performance.now();
    await this.load(url);
    await this.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
    return performance.now() - from;
  }

  /** Waits for the very document that it asks for: on a busy machine, that of the page before may be told late. */
  async load(url) {
    const loaded = new Set();
    let look = () => {};
    const stop = this.browser.listen(({ method, params, sessionId }) => {
      if (method !== 'Page.lifecycleEvent' || sessionId !== this.sessionId || params.name !== 'load') return;
      loaded.add(params.loaderId);
      look();
    });
    try {
      const { loaderId, errorText } = await this.send('Page.navigate', { url });
      if (errorText) throw new Error(`${url}: ${errorText}`);
      await new Promise((done) => {
        look = () => { if (loaderId === undefined || loaded.has(loaderId)) done(); };
        look();
      });
    } finally {
      stop();
    }
  }

  async evaluate(expression) {
    const { result, exceptionDetails } = await this.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  /** Waits until something is so in the page; however slow the machine is, not for ever. */
  async until(expression, what, seconds = 30) {
    const until = `new Promise((done) => { const look = () => ((${expression}) ? done(true) : performance.now() > end ? done(false) : setTimeout(look, 10)); const end = performance.now() + ${seconds * 1000}; look(); })`;
    if (!(await this.evaluate(until))) throw new Error(`${what}: not in ${seconds} s`);
  }

  /** Waits until the page complains of something; false if it doesn't in time. */
  async complains(words, seconds = 30) {
    const end = performance.now() + seconds * 1000;
    while (!this.complaints.some((complaint) => complaint.includes(words))) {
      if (performance.now() > end) return false;
      await new Promise((done) => setTimeout(done, 20));
    }
    return true;
  }

  /** Writes into the search as a user does. */
  async type(text) {
    await this.evaluate('{ const input = document.querySelector("input[type=search]"); input.focus(); input.select(); }');
    if (text === '') await this.press('Delete');
    else await this.send('Input.insertText', { text });
  }

  /** Elements with a listener for clicks of which a function, with such an element as its this, says no. */
  async clickedElements(isFine) {
    const { result: { objectId } } = await this.send('Runtime.evaluate', { expression: 'document.getElementById("page")' });
    const { listeners } = await this.send('DOMDebugger.getEventListeners', { objectId, depth: -1 });
    const found = [];
    for (const backendNodeId of new Set(listeners.filter(({ type }) => /^(click|mousedown|mouseup|pointerdown|pointerup)$/.test(type)).map((one) => one.backendNodeId))) {
      const { object } = await this.send('DOM.resolveNode', { backendNodeId });
      const { result: { value } } = await this.send('Runtime.callFunctionOn', { objectId: object.objectId, functionDeclaration: String(isFine), returnByValue: true });
      if (!value) found.push(object.description);
    }
    return found;
  }

  async close() {
    await this.browser.send('Target.closeTarget', { targetId: this.targetId });
  }

  async press(key) {
    const code = { ArrowRight: 39, ArrowDown: 40, ArrowLeft: 37, ArrowUp: 38, Tab: 9, Enter: 13, Delete: 46 }[key];
    const text = key === 'Enter' ? '\r' : undefined;
    for (const type of ['keyDown', 'keyUp']) await this.send('Input.dispatchKeyEvent', { type, key, code: key, windowsVirtualKeyCode: code, text: type === 'keyDown' ? text : undefined });
  }

  /** As wide as told, light or dark, on a screen or on paper. */
  async look({ width = 1280, height = 900, scheme = 'light', media = '' } = {}) {
    this.width = width;
    await this.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: width < 600 });
    await this.send('Emulation.setEmulatedMedia', { media, features: [{ name: 'prefers-color-scheme', value: scheme }] });
  }

  async screenshot() {
    const { cssContentSize: { width, height } } = await this.send('Page.getLayoutMetrics');
    const clip = { x: 0, y: 0, width: Math.max(width, this.width), height: Math.min(height, 6000), scale: 1 };
    const { data } = await this.send('Page.captureScreenshot', { captureBeyondViewport: true, clip });
    return Buffer.from(data, 'base64');
  }

  /** What a screen reader gets. */
  async accessibility() {
    return (await this.send('Accessibility.getFullAXTree')).nodes.filter(({ ignored }) => !ignored)
      .map(({ role, name }) => ({ role: role?.value, name: name?.value ?? '' }));
  }
}
