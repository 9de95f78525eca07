import { AsyncLocalStorage } from 'node:async_hooks';
import Module from 'node:module';
import { join } from 'node:path';
import * as nearest from '../../../src/findings/nearest';

const PATH = join(__dirname, '../../../src/findings/nearest.ts');

test('Node loads the library once a worker', () => {
  const loaded: Record<string, NodeModule> = (Module as any)._cache;
  expect(loaded[PATH].exports).toBe(nearest);
  expect(jest.requireActual(PATH)).toBe(nearest);
});

test('modules that a test asks for by themselves are loaded anew, and are not the library\'s', () => {
  let isolated: typeof nearest | undefined;
  jest.isolateModules(() => {
    isolated = jest.requireActual(PATH);
  });
  expect(isolated).not.toBe(nearest);
  expect(Object.keys(isolated!)).toEqual(Object.keys(nearest));
  expect(jest.requireActual(PATH)).toBe(nearest);
});

test('keeps a test\'s own AsyncLocalStorage', () => {
  const storage = new AsyncLocalStorage<string>();
  expect(storage.run('one', () => storage.getStore())).toBe('one');
});
