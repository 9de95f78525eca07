import { App, Chart, Testing } from 'cdk8s';
import { MtlsAnalysis, MtlsReporter } from '../../src/index';
import { addWarner } from '../../src/integration/synth-warnings';
import { writtenBy } from '../support/command/standard-error';

/** An app with two warners, of which one has nothing to warn of. */
function warned(): { app: App; warnings: string[] } {
  const app = Testing.app();
  const chart = new Chart(app, 'shop');
  const warnings = ['one [API857]', 'two [API858]'];
  addWarner(chart, () => () => warnings);
  addWarner(app, () => () => []);
  return { app, warnings };
}

test('warnings go to standard error, not twice in a row', () => {
  const { app, warnings } = warned();
  expect(writtenBy(() => app.synth())).toBe('warning: one [API857]\nwarning: two [API858]\n');
  expect(writtenBy(() => app.synth())).toBe('');
  warnings.pop();
  expect(writtenBy(() => app.synth())).toBe('warning: one [API857]\n');
});

test('tests hear nothing', () => {
  const { app } = warned();
  expect(writtenBy(() => Testing.synth(app.node.findChild('shop') as Chart))).toBe('');
});

test('with MtlsAnalysis they are part of its report', () => {
  const { app } = warned();
  MtlsAnalysis.attach(app);
  expect(writtenBy(() => app.synth())).toBe('MtlsAnalysis: 0 of 0 connections decided, 2 warnings\n  warning: one [API857]\n  warning: two [API858]\n');
});

test('a silent reporter keeps them back', () => {
  const { app } = warned();
  MtlsAnalysis.attach(app, { reporter: MtlsReporter.silent() });
  expect(writtenBy(() => app.synth())).toBe('');
});
