import { Objections } from '../../../src/admission/webhook/objections';

const text = { code: 'X', actual: 'a', expected: 'b', fix: 'c' };

test('gathers what is told at any place, with its place', () => {
  const objections = new Objections();
  objections.at('spec').at('http', 0).error(text);
  objections.at('spec', 'hosts').warning(text);
  expect(objections.all).toEqual([
    { ...text, severity: 'error', field: ['spec', 'http', 0] },
    { ...text, severity: 'warning', field: ['spec', 'hosts'] },
  ]);
});

test('drops warnings where only errors are wanted, and below', () => {
  const objections = new Objections();
  objections.errorsOnly().at('spec').warning(text);
  expect(objections.all).toEqual([]);
  objections.errorsOnly().at('spec').error(text);
  expect(objections.all).toHaveLength(1);
});

test('is refused by an error, not by a warning', () => {
  const objections = new Objections();
  objections.warning(text);
  expect(objections.refused).toBe(false);
  objections.at('spec').error(text);
  expect(objections.refused).toBe(true);
});
