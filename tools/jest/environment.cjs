// Jest's environment of the tests: Node's own globals, those of the library. Jest makes new ones for each file otherwise, and then
// nothing that is loaded could be shared (runtime.cjs). What a file leaves behind in them is put back here.
const { LegacyFakeTimers, ModernFakeTimers } = require('@jest/fake-timers');
const { ModuleMocker } = require('jest-mock');

class OneContextEnvironment {
  constructor({ projectConfig: config }) {
    const { console, process: { exit } } = globalThis;
    this.before = { console, exit };
    this.global = Object.assign(globalThis, { global: globalThis });
    this.moduleMocker = new ModuleMocker(globalThis);
    const timerConfig = { idToRef: (id) => id, refToId: (timer) => timer };
    this.fakeTimers = new LegacyFakeTimers({ config, global: globalThis, moduleMocker: this.moduleMocker, timerConfig });
    this.fakeTimersModern = new ModernFakeTimers({ config, global: globalThis });
  }

  async setup() {}

  async teardown() {
    this.moduleMocker.restoreAllMocks();
    this.fakeTimers.dispose();
    this.fakeTimersModern.dispose();
    globalThis.console = this.before.console;
    process.exit = this.before.exit;
    delete globalThis[Symbol.for('EVENT_HANDLERS')]; // else each file's events go to the handlers of all files before it
  }

  exportConditions() {
    return ['node', 'node-addons'];
  }

  getVmContext() {
    return globalThis;
  }
}

module.exports = OneContextEnvironment;
