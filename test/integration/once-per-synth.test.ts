import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, App, Chart, Testing, YamlOutputType } from 'cdk8s';
import { OncePerSynth } from '../../src/integration/once-per-synth';

const outdir = mkdtempSync(join(tmpdir(), 'once-per-synth-'));
afterAll(() => rmSync(outdir, { recursive: true }));

/** An app of three charts, and how often its check has run. */
function appWithCheck(props: object = {}) {
  const app = new App({ outdir, ...props });
  const charts = ['a', 'b', 'c'].map((id) => new Chart(app, id));
  charts.forEach((chart) => new ApiObject(chart, 'it', { apiVersion: 'v1', kind: 'ConfigMap' }));
  const state = { app, charts, runs: 0, errors: [] as string[] };
  app.node.addValidation(new OncePerSynth(() => {
    state.runs += 1;
    return state.errors;
  }));
  return state;
}

test.each(Object.values(YamlOutputType).filter((type) => typeof type === 'string'))('app.synth() into %s runs the check once', (type) => {
  const state = appWithCheck({ yamlOutputType: YamlOutputType[type as keyof typeof YamlOutputType] });
  state.app.synth();
  expect(state.runs).toBe(1);
});

test('app.synthYaml() runs the check once', () => {
  const state = appWithCheck();
  state.app.synthYaml();
  expect(state.runs).toBe(1);
});

test('a synth called on the prototype, as from Python, runs the check once', () => {
  const state = appWithCheck();
  App.prototype.synth.call(state.app);
  expect(state.runs).toBe(1);
});

test('a subclass of App that overrides synth runs the check once', () => {
  class MyApp extends App {
    public synth(): void {
      super.synth();
    }
  }
  const app = new MyApp({ outdir });
  new Chart(app, 'a');
  new Chart(app, 'b');
  let runs = 0;
  app.node.addValidation(new OncePerSynth(() => {
    runs += 1;
    return [];
  }));
  app.synth();
  expect(runs).toBe(1);
});

test('each synth runs the check again, even in the same tick', () => {
  const state = appWithCheck();
  state.app.synth();
  state.app.synth();
  state.app.synthYaml();
  expect(state.runs).toBe(3);
});

test('each separate synth of a chart runs the check again, and so sees changes', () => {
  const state = appWithCheck();
  Testing.synth(state.charts[0]);
  state.errors.push('changed');
  expect(() => Testing.synth(state.charts[1])).toThrow('changed');
  expect(state.runs).toBe(2);
});

test('a synth after a failed one runs the check again', () => {
  const state = appWithCheck();
  state.errors.push('wrong');
  expect(() => state.app.synth()).toThrow('wrong');
  state.errors.pop();
  state.app.synth();
  expect(state.runs).toBe(2);
});

test('if the stack can\'t be read, the check runs each time', () => {
  const state = appWithCheck();
  const { prepareStackTrace } = Error;
  Error.prepareStackTrace = () => 'nothing';
  try {
    state.app.synth();
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
  }
  expect(state.runs).toBe(4);
});

test('the user\'s stackTraceLimit stays', () => {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 3;
  appWithCheck().app.synth();
  const after = Error.stackTraceLimit;
  Error.stackTraceLimit = stackTraceLimit;
  expect(after).toBe(3);
});
