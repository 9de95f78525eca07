// Jest's runtime of the tests. A file of tests loads its own code and that of test/ and conformance/ anew, as ever, but the library and
// the packages once a worker: loading them for each of 430 files took two fifths of the processor time of a run. `jest.isolateModules`
// still loads everything anew. Whoever changes the library's modules in a test (planted faults) does it in there.
const asyncHooks = require('node:async_hooks');
const { Session } = require('node:inspector/promises');
const Module = require('node:module');
const { join, sep } = require('node:path');
const vm = require('node:vm');
const { default: Runtime } = require('jest-runtime');

const ROOT = join(__dirname, '../..');
const SHARED = ['src', 'imports', 'node_modules'].map((folder) => join(ROOT, folder) + sep);
const isShared = (path) => SHARED.some((folder) => path.startsWith(folder));

/** The runtime of the file of tests that runs, whose transformer takes the types away. */
let current;
/** The session that counts what runs, once one does. */
let counting;
/** What the transformer made of each shared file of TypeScript: coverage is counted with it. */
const transformed = new Map();

require.extensions['.ts'] = (module, path) => module._compile(current.transformedCode(path), path);

class SharingRuntime extends Runtime {
  constructor(...all) {
    super(...all);
    current = this;
    this.executor.compile = (source, filename) => vm.compileFunction(source, this.executor.injectedModuleParameters, { filename });
    // Jest makes one for each file, and a storage that stays enabled makes every later promise slower.
    const storages = this.storages = [];
    this.asyncHooks = {
      ...asyncHooks,
      AsyncLocalStorage: class extends asyncHooks.AsyncLocalStorage {
        constructor(...options) {
          super(...options);
          storages.push(this);
        }
      },
    };
  }

  transformedCode(path) {
    const code = this.transformCache.transform(path);
    transformed.set(path, this.transformCache.getEntries().get(path));
    return code;
  }

  requireModule(from, name, options, isRequireActual) {
    const loadAnew = () => super.requireModule(from, name, options, isRequireActual);
    if (options?.isInternalModule && name === 'node:async_hooks') return this.asyncHooks;
    if (name === undefined || this.registries.isIsolated() || this._resolution.isCoreModule(name)) return loadAnew();
    if (options?.isInternalModule) return Module.createRequire(from)(name);
    const path = this._resolution.resolveCjsStub(from, name) ?? this._resolution.resolveCjs(from, name);
    return isShared(path) ? require(path) : loadAnew();
  }

  /** V8 counts from before anything is loaded until the worker ends: of functions that it knew before it counted it forgets calls. */
  async collectV8Coverage() {
    if (counting) return;
    counting = new Session();
    counting.connect();
    await counting.post('Profiler.enable');
    await counting.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  async stopCollectingV8Coverage() {
    const { result } = await counting.post('Profiler.takePreciseCoverage');
    this.v8Coverage.result = result;
    this.v8Coverage.sources = new Map([...transformed, ...this.transformCache.getEntries()]);
  }

  teardown() {
    super.teardown();
    for (const storage of this.storages) storage.disable();
  }
}

module.exports = SharingRuntime;
