import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as yaml from 'js-yaml';
import { withAbsoluteLinks, withRelativeLinks } from '../../tools/readme-links.cjs';
import { releasedVersion, topSection } from '../../tools/release.cjs';

const ROOT = join(__dirname, '..', '..');
const read = (...path: string[]) => readFileSync(join(ROOT, ...path), 'utf8');
const manifest = JSON.parse(read('package.json'));
const workflow = yaml.load(read('.github', 'workflows', 'release.yml')) as any;

const CHANGELOG = '# Changelog\n\n## 1.2.3 (2027-01-31)\n\n- New.\n\n## 1.2.2 (2027-01-01)\n\n- Old.\n';

describe('the version of a release', () => {
  test('and its notes come from the newest section', () => {
    expect(topSection(CHANGELOG)).toEqual({ version: '1.2.3', day: '2027-01-31', notes: '- New.' });
    expect(releasedVersion({ changelog: CHANGELOG, packageVersion: '1.2.3' })).toBe('1.2.3');
  });

  test('equals the version in package.json', () => {
    expect(() => releasedVersion({ changelog: CHANGELOG, packageVersion: '1.2.2' })).toThrow('package.json has version 1.2.2; expected 1.2.3');
    expect(manifest.version).toBe(topSection(read('CHANGELOG.md')).version);
  });

  test('has a day, but for a trial', () => {
    const changelog = CHANGELOG.replace('2027-01-31', 'unreleased');
    expect(() => releasedVersion({ changelog, packageVersion: '1.2.3' })).toThrow('1.2.3 is unreleased; expected the day of its release');
    expect(releasedVersion({ changelog, packageVersion: '1.2.3', unreleased: true })).toBe('1.2.3');
  });

  test.each(['## Next\n\n## 1.2.3 (2027-01-31)\n', '## 1.2.3\n', '# Changelog\n'])('isn\'t guessed: %j', (changelog) => {
    expect(() => topSection(changelog)).toThrow('CHANGELOG.md: its first section is');
  });

  test('is called stable from 1.0 on', () => {
    expect(manifest.stability).toBe(manifest.version.startsWith('0.') ? 'experimental' : 'stable');
  });
});

describe('the README of packages', () => {
  const URL = 'https://github.com/owner/name.git';

  test.each([
    ['[a](docs/a.md#b) and [c](./LICENSE)', '[a](https://github.com/owner/name/blob/main/docs/a.md#b) and [c](https://github.com/owner/name/blob/main/LICENSE)'],
    ['![a](docs/a.svg "title")', '![a](https://raw.githubusercontent.com/owner/name/main/docs/a.svg "title")'],
    ['<img alt="a" src="docs/a.png">', '<img alt="a" src="https://raw.githubusercontent.com/owner/name/main/docs/a.png">'],
    ['[a](#b) [c](https://istio.io) [d](mailto:a@b.example)', '[a](#b) [c](https://istio.io) [d](mailto:a@b.example)'],
    ['```ts\nmap[a](docs/a.md)\n```\n', '```ts\nmap[a](docs/a.md)\n```\n'],
  ])('links in %j become absolute', (markdown, absolute) => {
    expect(withAbsoluteLinks(markdown, URL)).toBe(absolute);
    expect(withRelativeLinks(absolute, URL)).toBe(markdown.replace('(./', '('));
  });

  test('links to existing files, and is restored afterwards', () => {
    const packed = withAbsoluteLinks(read('README.md'), manifest.repository.url);
    const links = [...packed.replace(/^```[^]*?^```$/gm, '').matchAll(/\]\(([^\s)]+)/g)].map(([, link]) => link);
    expect(links.filter((link) => !/^(?:https:|#)/.test(link))).toEqual([]);
    const own = links.map((link) => /\/(?:blob\/)?main\/([^#]+)/.exec(link)?.[1]).filter((path) => path !== undefined);
    expect(own.length).toBeGreaterThan(5);
    expect(own.filter((path) => !['lib', 'dist', 'node_modules'].includes(path.split('/')[0]) && !exists(path))).toEqual([]);
    expect(withRelativeLinks(packed, manifest.repository.url)).toBe(read('README.md'));
  });

  test('needs a repository on GitHub', () => {
    expect(() => withAbsoluteLinks('', 'https://example.org/x.git')).toThrow("repository.url is 'https://example.org/x.git'; expected one of https://github.com");
  });
});

function exists(path: string): boolean {
  const parts = path.replace(/\/$/, '').split('/');
  return readdirSync(join(ROOT, ...parts.slice(0, -1))).includes(parts.at(-1)!);
}

describe('the workflow of releases', () => {
  const jobs = Object.entries<any>(workflow.jobs);
  const steps = jobs.flatMap(([, job]) => job.steps ?? []);

  test('runs scripts that are there', () => {
    const scripts = steps.flatMap(({ run = '' }) => [...run.matchAll(/npm run (?:--silent )?([\w:-]+)/g)].map(([, name]) => name));
    expect(new Set(scripts)).toEqual(new Set(['release:version', 'release:build', 'release:dry-run', 'release:notes', 'release:npm', 'release:pypi', 'release:maven', 'release:go']));
    expect(scripts.filter((name) => !manifest.scripts[name])).toEqual([]);
  });

  test('publishes only on request, after CI and a review, and installs no dependencies in jobs with permissions', () => {
    for (const [name, job] of jobs.filter(([one]) => !['ci', 'build'].includes(one))) {
      expect([name, job.if]).toEqual([name, '${{ inputs.publish }}']);
      expect(job.steps.filter(({ run = '' }) => /npm (?:ci|install(?! --global npm@\d))|projen/.test(run))).toEqual([]);
      if (name !== 'github') expect([name, job.environment, job.needs]).toEqual([name, 'release', 'build']);
    }
    expect(workflow.on.workflow_dispatch.inputs.publish.default).toBe(false);
    expect(workflow.jobs.build.needs).toBe('ci');
    expect(workflow.permissions).toEqual({ contents: 'read' });
    expect(manifest.scripts['release:npm']).toContain('--provenance');
    expect(workflow.jobs.npm.permissions).toEqual({ 'contents': 'read', 'id-token': 'write' });
  });

  test('names actions by commit', () => {
    const uses = steps.map((step) => step.uses).filter(Boolean);
    expect(uses.length).toBeGreaterThan(10);
    expect(uses.filter((name: string) => !/@[0-9a-f]{40}$/.test(name))).toEqual([]);
  });

  test('uses exactly the secrets that docs/releasing.md lists', () => {
    const used = [...read('.github', 'workflows', 'release.yml').matchAll(/secrets\.(\w+)/g)].map(([, name]) => name);
    const listed = [...read('docs', 'releasing.md').matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, name]) => name);
    expect(listed.sort()).toEqual([...new Set(used)].sort());
  });
});

describe('Construct Hub\'s requirements', () => {
  test('is in package.json', () => {
    expect(manifest).toMatchObject({ license: 'Apache-2.0', keywords: expect.arrayContaining(['cdk8s']), repository: { type: 'git' }, jsii: { targets: { python: {}, java: {}, go: {} } } });
    expect(Object.keys(manifest.peerDependencies)).toEqual(['cdk8s', 'constructs']);
  });
});

describe('owner and contact are placeholders', () => {
  const { repository, author } = manifest;
  const [, owner] = /github\.com\/([^/]+)\//.exec(repository.url)!;

  test('which .projenrc.ts has once', () => {
    const text = read('.projenrc.ts');
    expect(text.match(new RegExp(`const OWNER = '${owner}';`, 'g'))).toHaveLength(1);
    expect(text.split(author.email)).toHaveLength(2);
    expect(manifest.jsii.targets.go.moduleName).toContain(`github.com/${owner}/`);
    expect(manifest.jsii.targets.java.maven.groupId).toBe(`io.github.${owner}`);
  });

  test('and no page or source names another repository of ours', () => {
    const files = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'action.yml', ...['docs', 'src', 'examples', 'tools', 'action'].flatMap((folder) => readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(?:md|m?ts|mjs|yml)$/.test(entry.name)).map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1)))];
    const named = files.flatMap((file) => [...read(file).matchAll(/github\.com\/([\w.-]+)\/cdk8s-istio-mtls\b/g)].map(([, one]) => `${file}: ${one}`));
    expect(named.filter((one) => ![owner, 'OWNER'].includes(one.split(': ')[1]))).toEqual([]);
    expect(files.filter((file) => read(file).includes(author.email))).toEqual([]);
  });
});
