import OneContextEnvironment from '../../../tools/jest/environment.cjs';

const HANDLERS = Symbol.for('EVENT_HANDLERS');

test('restores globals that a test file changed', async () => {
  const { console: own, process: { exit } } = globalThis;
  const handlers = Reflect.get(globalThis, HANDLERS);
  const holder = { word: () => 'real' };
  const environment = new OneContextEnvironment({ projectConfig: { fakeTimers: {} } });
  environment.moduleMocker.spyOn(holder, 'word').mockReturnValue('mocked');
  Object.assign(globalThis, { console: {} });
  process.exit = (() => undefined) as never;
  expect(holder.word()).toBe('mocked');

  await environment.teardown();
  const after = [globalThis.console, process.exit, Reflect.get(globalThis, HANDLERS)];
  Reflect.set(globalThis, HANDLERS, handlers); // those of the tests that run
  expect(after).toEqual([own, exit, undefined]);
  expect(after[0]).toBe(own);
  expect(holder.word()).toBe('real');
});
