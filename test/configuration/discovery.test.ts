import { join } from 'node:path';
import { CONFIGURATION_NAME, findConfiguration } from '../../src/configuration/discovery';
import { folderWith, removeFolders } from '../support/command/scratch';

afterAll(removeFolders);

const found = (files: Record<string, string>, from: string) => findConfiguration(join(folderWith(files), from));

test('a folder\'s own file overrides those above', () => {
  expect(found({ [CONFIGURATION_NAME]: '', 'a/istio-mtls.yaml': '', 'a/b': '' }, 'a')).toBe('istio-mtls.yaml');
});

test('without one, the nearest file above counts', () => {
  expect(found({ [CONFIGURATION_NAME]: '', 'a/istio-mtls.yaml': '', 'a/b/c/d': '' }, 'a/b/c')).toBe(join('..', '..', 'istio-mtls.yaml'));
});

test('the search ends at a repository\'s root, and includes it', () => {
  expect(found({ [CONFIGURATION_NAME]: '', 'repo/.git/HEAD': '', 'repo/a/b': '' }, 'repo/a')).toBeUndefined();
  expect(found({ 'repo/istio-mtls.yaml': '', 'repo/.git/HEAD': '', 'repo/a/b': '' }, 'repo/a')).toBe(join('..', 'istio-mtls.yaml'));
});

test('a worktree, with .git as a file, is a repository', () => {
  expect(found({ [CONFIGURATION_NAME]: '', 'repo/.git': 'gitdir: elsewhere', 'repo/a': '' }, 'repo')).toBeUndefined();
});

test('the search ends at the root of the file system', () => {
  expect(findConfiguration('/')).toBeUndefined();
});
